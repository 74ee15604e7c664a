"""The catalogue's rows: statements are built once, constraints are the last guard."""
