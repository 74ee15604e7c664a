"""One subscription per file."""
