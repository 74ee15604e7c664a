"""The door to search."""
