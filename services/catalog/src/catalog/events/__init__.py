"""What the catalogue tells other contexts, and what it makes of what they tell."""
