"""The closed set of the catalogue's refusals, by what they are about."""
