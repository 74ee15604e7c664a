from zoneinfo import ZoneInfo

import pytest

from catalog.domain.geography import (
    TIMEZONES,
    are_coordinates,
    department_of,
    is_postal_code,
    map_position,
    timezone_of,
)


def test_E72_postal_code_97400_is_la_reunion():
    assert department_of("97400") == "974"
    assert timezone_of("974") == "Indian/Reunion"


@pytest.mark.parametrize(
    ("postal_code", "department"),
    [
        ("29200", "29"),
        ("75001", "75"),
        ("96999", "96"),
        ("97100", "971"),
        ("98800", "988"),
        ("2A004", "2A"),
        ("97133", "977"),
        ("97150", "978"),
        ("97110", "971"),
    ],
)
def test_departments(postal_code, department):
    assert department_of(postal_code) == department


def test_thirteen_overseas_zones_exist_and_all_others_live_by_paris():
    assert len(TIMEZONES) == 12
    assert all(ZoneInfo(zone) for zone in TIMEZONES.values())
    assert timezone_of("29") == "Europe/Paris"


@pytest.mark.parametrize("text", ["2920", "292000", "A9200", "2C200", "29 20", ""])
def test_malformed_postal_codes(text):
    assert not is_postal_code(text)


@pytest.mark.parametrize("text", ["29200", "2A004", "2B200", "97400"])
def test_postal_codes(text):
    assert is_postal_code(text)


def test_coordinates_exclude_their_bounds():
    assert are_coordinates(89.999, 179.999)
    assert not are_coordinates(90, 0)
    assert not are_coordinates(0, 180)


def test_E93_a_digital_offer_is_put_at_the_centre_of_france():
    assert map_position(None, None) == (47.158459, 2.409289)
    assert map_position(48.39, None) == (47.158459, 2.409289)
    assert map_position(48.39, -4.49) == (48.39, -4.49)
