"""The subgraph of identity."""
