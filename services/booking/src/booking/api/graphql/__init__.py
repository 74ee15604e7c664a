"""The subgraph of booking."""
