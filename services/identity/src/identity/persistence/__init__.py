"""Identity's own tables, and every statement on them."""
