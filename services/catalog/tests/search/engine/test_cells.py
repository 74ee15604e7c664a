"""The cover of a disc misses nothing that is in it."""

from math import asin, atan2, cos, degrees, radians, sin

from hypothesis import given, settings
from hypothesis import strategies as st

from search.domain.geography import EARTH_RADIUS_KM, Position, distance_km
from search.engine.cells import cells_of, cover

_LATITUDES = st.floats(-60, 75)
_LONGITUDES = st.floats(-180, 180)


def _towards(start: Position, bearing: float, kilometres: float) -> Position:
    angle, lat, lon = kilometres / EARTH_RADIUS_KM, radians(start.latitude), radians(start.longitude)
    to_lat = asin(sin(lat) * cos(angle) + cos(lat) * sin(angle) * cos(bearing))
    to_lon = lon + atan2(sin(bearing) * sin(angle) * cos(lat), cos(angle) - sin(lat) * sin(to_lat))
    return Position(degrees(to_lat), (degrees(to_lon) + 180) % 360 - 180)


@settings(max_examples=400, deadline=None)
@given(
    st.builds(Position, _LATITUDES, _LONGITUDES),
    st.floats(0.001, 1_000),
    st.floats(0, 1),
    st.floats(0, 6.3),
)
def test_whatever_lies_within_the_radius_is_in_the_cover(
    centre: Position, radius: float, share: float, bearing: float
) -> None:
    place = _towards(centre, bearing, radius * share * 0.9999)
    covered = cover(centre, radius)

    assert covered is not None
    assert set(covered) & set(cells_of(place)), (centre, radius, place, distance_km(centre, place))


def test_a_usual_cover_is_small_and_a_huge_one_is_everywhere() -> None:
    paris = Position(48.8566, 2.3522)

    assert len(cover(paris, 20) or ()) < 60
    assert cover(paris, 5_000) is None
