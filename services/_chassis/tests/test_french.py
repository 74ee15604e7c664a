"""Amounts and instants as people read them."""

from datetime import UTC, datetime

import pytest

from chassis.french import euros, francs, moment

LATE = datetime(2026, 8, 1, 22, 5, tzinfo=UTC)


def test_amounts() -> None:
    assert [euros(cents) for cents in (1250, 300_00, 5, -5, -1250)] == [
        "12,50 €", "300 €", "0,05 €", "-0,05 €", "-12,50 €",
    ]  # fmt: skip
    assert francs(23865) == "23 865 F CFP"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Paris", "2 août 2026 à 0 h 05"),
        ("Indian/Reunion", "2 août 2026 à 2 h 05 (heure de La Réunion)"),
        ("America/Cayenne", "1 août 2026 à 19 h 05 (heure de la Guyane)"),
        ("Asia/Tokyo", "2 août 2026 à 7 h 05 (heure de Asia/Tokyo)"),
        ("Europe/Brussels", "2 août 2026 à 0 h 05"),
    ],
)
def test_an_instant_is_the_places_own_and_its_clock_is_named_where_it_is_not_pariss(
    zone: str, shown: str
) -> None:
    assert moment(LATE, zone) == shown
