"""The catalogue: venues, offers and the stocks as they are offered."""
