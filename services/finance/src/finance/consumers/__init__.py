"""What finance hears, one module per topic: message model → copy."""

from finance.consumers import bookings, structures, venues

SUBSCRIPTIONS = (bookings.SUBSCRIPTION, venues.SUBSCRIPTION, structures.SUBSCRIPTION)
