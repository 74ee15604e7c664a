"""What operators and the nightly clock run: `python -m identity job <name>`."""
