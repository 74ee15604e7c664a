"""Finance: what the places are paid for the bookings they honoured."""
