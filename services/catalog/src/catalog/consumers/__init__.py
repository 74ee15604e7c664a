"""What the catalogue hears of other contexts. Any order, any number of times."""
