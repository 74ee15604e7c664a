"""What this replica has heard, kept beside its index: one SQLite file."""
