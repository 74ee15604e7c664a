"""How finance is asked."""
