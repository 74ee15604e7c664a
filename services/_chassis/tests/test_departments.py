"""Postal code → département → zone (domain.md §2.3)."""

from zoneinfo import ZoneInfo

import pytest

from chassis.departments import TIMEZONES, department_of, is_postal_code, timezone_of


@pytest.mark.parametrize(
    ("postal_code", "department", "zone"),
    [
        ("75011", "75", "Europe/Paris"),
        ("29200", "29", "Europe/Paris"),
        ("2A004", "2A", "Europe/Paris"),
        ("20090", "20", "Europe/Paris"),
        ("96999", "96", "Europe/Paris"),
        ("97100", "971", "America/Guadeloupe"),
        ("97110", "971", "America/Guadeloupe"),
        ("97133", "977", "America/St_Barthelemy"),
        ("97150", "978", "America/Guadeloupe"),
        ("97190", "971", "America/Guadeloupe"),
        ("97300", "973", "America/Cayenne"),
        ("97400", "974", "Indian/Reunion"),
        ("97500", "975", "America/Miquelon"),
        ("97600", "976", "Indian/Mayotte"),
        ("97700", "977", "America/St_Barthelemy"),
        ("97800", "978", "America/Guadeloupe"),
        ("98600", "986", "Pacific/Wallis"),
        ("98800", "988", "Pacific/Noumea"),
    ],
)
def test_N06_a_postal_code_gives_a_department_and_a_zone(
    postal_code: str, department: str, zone: str
) -> None:
    assert department_of(postal_code) == department
    assert timezone_of(department) == zone


def test_E72_postal_code_97400_is_la_reunion() -> None:
    assert department_of("97400") == "974"
    assert timezone_of("974") == "Indian/Reunion"


@pytest.mark.parametrize("department", [None, "", "75"])
def test_where_no_other_zone_is_known_it_is_paris(department: str | None) -> None:
    assert timezone_of(department) == "Europe/Paris"


def test_every_zone_of_the_table_exists() -> None:
    assert len(TIMEZONES) == 12
    assert {ZoneInfo(zone).key for zone in TIMEZONES.values()} == set(TIMEZONES.values())


@pytest.mark.parametrize("text", ["29200", "2A004", "2B200", "97400"])
def test_postal_codes(text: str) -> None:
    assert is_postal_code(text)


@pytest.mark.parametrize("text", ["2920", "292000", "A9200", "2C200", "29 20", "", "７５０１１", "\u200b"])
def test_malformed_postal_codes(text: str) -> None:
    assert not is_postal_code(text)
    with pytest.raises(ValueError, match="postal code"):
        department_of(text)
