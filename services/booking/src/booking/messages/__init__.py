"""What booking publishes: the whole public state of a booking, and what is left of a stock."""
