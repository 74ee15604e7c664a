"""The REST API of booking: what tills ask."""
