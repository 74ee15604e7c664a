"""What identity does, one verb per module. Each works inside the caller's transaction."""
