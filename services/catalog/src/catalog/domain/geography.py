"""Positions on the map (domain.md §2.5)."""

CENTRE_OF_FRANCE = (47.158459, 2.409289)
"""Where an offer without a place is put on the map (domain.md §3.7, E93)."""


def are_coordinates(latitude: float, longitude: float) -> bool:
    """Both bounds excluded, as at the creation of a venue."""
    return -90 < latitude < 90 and -180 < longitude < 180


def map_position(latitude: float | None, longitude: float | None) -> tuple[float, float]:
    """Where the search puts an offer: its venue's position, or the centre of France when it has none."""
    if latitude is None or longitude is None:
        return CENTRE_OF_FRANCE
    return latitude, longitude
