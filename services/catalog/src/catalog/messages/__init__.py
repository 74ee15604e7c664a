"""What the catalogue publishes: the whole public state of a venue, an offer, a stock."""
