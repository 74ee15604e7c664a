"""Booking: what is left of each credit, what is left of each stock, and the bookings that take from both."""
