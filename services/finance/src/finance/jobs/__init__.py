"""What finance does from the command line or a schedule."""
