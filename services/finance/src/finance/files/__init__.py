"""The files finance writes: transfer orders for the bank, exports for the places."""
