"""The finance subgraph."""
