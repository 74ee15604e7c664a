"""Telling people who watch that something of theirs changed: fed from our own topics, by every replica."""
