"""Amounts, caps and expiry, in each edition (domain.md §2.4, §8)."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.dated import DatedTable, midnight
from identity.domain import administration, birthdays, eligibility, grants, passwords, sign_up_form, territory
from identity.domain.grants import AMOUNTS, BONUS_CENTS, Grant, GrantKind, caps_of, expiry_of

PARIS = "Europe/Paris"
INSTANT = timedelta(microseconds=1)
BORN = date(2004, 7, 10)


def paris(year: int, month: int, day: int) -> datetime:
    return midnight(PARIS, year, month, day)


def amounts_at(instant: datetime) -> dict[int, tuple[str, int]]:
    return {age: (offered.kind.value, offered.amount_cents) for age, offered in AMOUNTS.at(instant).items()}


INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

V0 = {18: ("GRANT_18_V0", 50000)}
V1 = {18: ("GRANT_18_V1", 50000)}
V2 = {18: ("GRANT_18_V2", 30000)}
UNDERAGE = {
    15: ("GRANT_15_17", 2000),
    16: ("GRANT_15_17", 3000),
    17: ("GRANT_15_17", 3000),
    18: ("GRANT_18_V2", 30000),
}
REFORM = {15: ("GRANT_FREE", 0), 16: ("GRANT_FREE", 0), 17: ("GRANT_17_18", 5000), 18: ("GRANT_17_18", 15000)}


@pytest.mark.parametrize(
    ("since", "before", "after"),
    [
        (paris(2019, 1, 17), V0, V1),
        (paris(2021, 1, 6), V1, V2),
        (paris(2022, 1, 1), V2, UNDERAGE),
        (paris(2025, 3, 1), UNDERAGE, REFORM),
    ],
)
def test_amounts_change_at_midnight_in_paris(
    since: datetime, before: dict[int, tuple[str, int]], after: dict[int, tuple[str, int]]
) -> None:
    assert amounts_at(since - INSTANT) == before
    assert amounts_at(since) == after


def test_the_bonus_begins_with_the_reform() -> None:
    assert BONUS_CENTS.at(paris(2025, 3, 1) - INSTANT) == 0
    assert BONUS_CENTS.at(paris(2025, 3, 1)) == 5000


@pytest.mark.parametrize(
    ("kind", "granted_at", "digital", "physical"),
    [
        (GrantKind.GRANT_18_V0, paris(2019, 1, 17) - INSTANT, 20000, 10000),
        (GrantKind.GRANT_18_V1, paris(2019, 1, 17), 20000, 20000),
        (GrantKind.GRANT_18_V1, paris(2021, 1, 6) - INSTANT, 20000, 20000),
        (GrantKind.GRANT_18_V2, paris(2021, 1, 6), 10000, None),
        (GrantKind.GRANT_18_V2, paris(2025, 3, 1) - INSTANT, 10000, None),
        (GrantKind.GRANT_18_V2, paris(2026, 1, 1), 10000, None),
        (GrantKind.GRANT_15_17, paris(2022, 1, 1), None, None),
        (GrantKind.GRANT_17_18, paris(2025, 3, 1), 10000, None),
        (GrantKind.GRANT_17_18, paris(2025, 12, 31) - INSTANT, 10000, None),
        (GrantKind.GRANT_17_18, paris(2025, 12, 31), 5000, None),
        (GrantKind.GRANT_FREE, paris(2025, 3, 1), None, None),
    ],
)
def test_caps_by_edition(
    kind: GrantKind, granted_at: datetime, digital: int | None, physical: int | None
) -> None:
    assert caps_of(kind, granted_at, "75") == (digital, physical)
    assert caps_of(kind, granted_at, None) == (digital, physical)


@pytest.mark.parametrize(
    ("department", "of_march_2025", "of_2026"),
    [("986", None, None), ("976", 15000, None), ("975", 20000, None), ("974", 10000, 5000)],
)
def test_overseas_departments_have_their_own_digital_cap(
    department: str, of_march_2025: int | None, of_2026: int | None
) -> None:
    assert caps_of(GrantKind.GRANT_17_18, paris(2025, 3, 1), department) == (of_march_2025, None)
    lowered = paris(2025, 12, 31)
    assert caps_of(GrantKind.GRANT_17_18, lowered - INSTANT, department) == (of_march_2025, None)
    assert caps_of(GrantKind.GRANT_17_18, lowered, department) == (of_2026, None)


@pytest.mark.parametrize(
    ("kind", "granted_at", "two_years_later"),
    [
        (
            GrantKind.GRANT_18_V1,
            datetime(2020, 5, 4, 8, 30, tzinfo=UTC),
            datetime(2022, 5, 4, 8, 30, tzinfo=UTC),
        ),
        (GrantKind.GRANT_18_V2, datetime(2021, 1, 10, 7, tzinfo=UTC), datetime(2023, 1, 10, 7, tzinfo=UTC)),
    ],
)
def test_expiry_appears_on_8_february_2021(
    kind: GrantKind, granted_at: datetime, two_years_later: datetime
) -> None:
    since = paris(2021, 2, 8)
    assert expiry_of(kind, granted_at, BORN, PARIS, since - INSTANT) is None
    assert expiry_of(kind, granted_at, BORN, PARIS, since) == two_years_later


def test_the_credit_of_the_pilot_never_ends() -> None:
    granted_at = datetime(2018, 9, 1, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V0, granted_at, BORN, PARIS, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_two_years_from_29_february_end_on_the_28th() -> None:
    granted_at = datetime(2024, 2, 29, 9, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, BORN, PARIS, granted_at) == datetime(
        2026, 2, 28, 9, tzinfo=UTC
    )


@pytest.fixture
def server_in_auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that does not live by UTC."""
    with monkeypatch.context() as machine:
        machine.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("server_in_auckland")
def test_two_years_are_the_same_wherever_the_server_stands() -> None:
    granted_at = datetime(2024, 2, 28, 20, tzinfo=UTC)  # 29 February in Auckland
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, BORN, PARIS, granted_at) == datetime(
        2026, 2, 28, 20, tzinfo=UTC
    )


def test_the_reform_prolongs_what_is_alive_to_21_when_that_is_later() -> None:
    granted_at, born = datetime(2023, 8, 1, tzinfo=UTC), date(2005, 7, 10)
    reform = paris(2025, 3, 1)
    two_years = datetime(2025, 8, 1, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, born, PARIS, reform - INSTANT) == two_years
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, born, PARIS, reform) == datetime(
        2026, 7, 10, 11, tzinfo=UTC
    )


def test_the_reform_shortens_nothing() -> None:
    granted_at, born = datetime(2025, 2, 1, tzinfo=UTC), date(2006, 2, 2)
    two_years = datetime(2027, 2, 1, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, born, PARIS, paris(2025, 3, 1)) == datetime(
        2027, 2, 2, 11, tzinfo=UTC
    )
    older = date(2005, 12, 1)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, older, PARIS, paris(2025, 3, 1)) == two_years


def test_the_reform_revives_nothing() -> None:
    granted_at, born = datetime(2022, 8, 1, tzinfo=UTC), date(2004, 7, 10)
    over = datetime(2024, 8, 1, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, born, PARIS, datetime(2025, 4, 1, tzinfo=UTC)) == over


def test_a_credit_that_ends_at_the_first_instant_of_the_reform_is_over() -> None:
    reform = paris(2025, 3, 1)
    granted_at = datetime(2023, 2, 28, 23, tzinfo=UTC)
    assert expiry_of(GrantKind.GRANT_18_V2, granted_at, date(2005, 1, 1), PARIS, reform) == reform
    later = granted_at + INSTANT
    assert expiry_of(GrantKind.GRANT_18_V2, later, date(2005, 1, 1), PARIS, reform) == datetime(
        2026, 1, 1, 11, tzinfo=UTC
    )


def test_17_18_ends_on_the_21st_birthday_11_hours_after_midnight_utc() -> None:
    granted_at, born = datetime(2026, 3, 1, tzinfo=UTC), date(2008, 2, 29)
    assert expiry_of(GrantKind.GRANT_17_18, granted_at, born, "Pacific/Wallis", granted_at) == datetime(
        2029, 2, 28, 11, tzinfo=UTC
    )


def test_15_17_ends_at_local_midnight_of_the_18th_birthday() -> None:
    granted_at, born = datetime(2022, 3, 1, tzinfo=UTC), date(2006, 7, 10)
    assert expiry_of(GrantKind.GRANT_15_17, granted_at, born, PARIS, granted_at) == datetime(
        2024, 7, 9, 22, tzinfo=UTC
    )
    assert expiry_of(GrantKind.GRANT_15_17, granted_at, born, "America/Cayenne", granted_at) == datetime(
        2024, 7, 10, 3, tzinfo=UTC
    )


def test_a_grant_is_over_at_the_instant_of_its_expiry() -> None:
    end = datetime(2024, 7, 9, 22, tzinfo=UTC)
    grant = Grant(GrantKind.GRANT_15_17, 3000, datetime(2022, 3, 1, tzinfo=UTC), end)
    assert grant.is_active(end - INSTANT)
    assert not grant.is_active(end)
    assert Grant(GrantKind.GRANT_18_V0, 50000, end).is_active(datetime(2099, 1, 1, tzinfo=UTC))


TABLES: list[DatedTable[object]] = [
    table
    for module in (administration, birthdays, eligibility, grants, passwords, sign_up_form, territory)
    for table in vars(module).values()
    if isinstance(table, DatedTable)
]


@given(INSTANTS)
def test_every_instant_has_exactly_one_row_in_every_table(instant: datetime) -> None:
    for table in TABLES:
        matching = [
            edition
            for start, end, edition in table.periods()
            if start <= instant and (end is None or instant < end)
        ]
        assert matching == [table.row_at(instant)]


def test_every_row_names_its_source() -> None:
    assert len({table.name for table in TABLES}) >= 10
    assert all("domain.md" in edition.source for table in TABLES for _, _, edition in table.periods())


@given(INSTANTS, st.sampled_from(["75", "975", "976", "986", None]))
def test_whatever_is_granted_has_caps_and_an_expiry_that_day(
    instant: datetime, department: str | None
) -> None:
    for age, offered in AMOUNTS.at(instant).items():
        born = date(instant.year - age, 1, 1)
        end = expiry_of(offered.kind, instant, born, PARIS, instant)
        assert end is None or end > instant
        assert all(cap is None or cap > 0 for cap in caps_of(offered.kind, instant, department))


@pytest.mark.parametrize(
    ("kind", "born", "granted_at", "end"),
    [
        (GrantKind.GRANT_15_17, date(2009, 12, 5), paris(2025, 3, 1), datetime(2030, 12, 5, 11, tzinfo=UTC)),
        (GrantKind.GRANT_15_17, date(2009, 12, 5), paris(2025, 3, 1) - INSTANT, paris(2027, 12, 5)),
        (GrantKind.GRANT_FREE, date(2010, 1, 1), paris(2026, 5, 1), datetime(2031, 1, 1, 11, tzinfo=UTC)),
    ],
)
def test_P03_P04_all_that_is_given_since_the_reform_ends_on_the_21st_birthday(
    kind: GrantKind, born: date, granted_at: datetime, end: datetime
) -> None:
    assert expiry_of(kind, granted_at, born, PARIS, paris(2026, 6, 1)) == end


@pytest.mark.parametrize(
    ("department", "cap_cents"), [("986", None), ("976", 15000), ("975", 20000), ("974", 10000)]
)
def test_W14_the_digital_cap_of_18_has_its_overseas_exceptions_since_2022(
    department: str, cap_cents: int | None
) -> None:
    for granted_at in (paris(2022, 1, 1), paris(2023, 6, 1), paris(2025, 3, 1)):
        assert caps_of(GrantKind.GRANT_18_V2, granted_at, department) == (cap_cents, None)
    assert caps_of(GrantKind.GRANT_18_V2, paris(2022, 1, 1) - INSTANT, department) == (10000, None)
