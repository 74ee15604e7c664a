"""What can be asked of finance: one verb per file."""
