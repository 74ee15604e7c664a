"""How identity is asked."""
