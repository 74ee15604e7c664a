"""The subgraph of the catalogue."""
