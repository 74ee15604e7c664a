"""What is searchable, when, and what each filter means. Standard library only."""
