"""Positions and distances on the globe."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees, WGS 84: latitude in [-90, 90], longitude in [-180, 180]."""

    latitude: float
    longitude: float


CENTRE_OF_FRANCE = Position(47.158459, 2.409289)
"""Where an offer without a place is put on the map (domain.md §3.7, E93)."""


def distance_km(one: Position, other: Position) -> float:
    """Great-circle distance (haversine); right across the 180th meridian too."""
    lat_1, lat_2 = radians(one.latitude), radians(other.latitude)
    half_lat = sin((lat_2 - lat_1) / 2)
    half_lon = sin(radians(other.longitude - one.longitude) / 2)
    chord = half_lat**2 + cos(lat_1) * cos(lat_2) * half_lon**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))
