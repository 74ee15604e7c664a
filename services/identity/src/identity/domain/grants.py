"""Grants of credit: what is given at which age, its caps and its end, in each edition.

Source: domain.md §2.4 and §8. Editions change at 00:00 in Paris. Amounts in cents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.age import birthday, birthday_midnight, years_after


class GrantFamily(StrEnum):
    """One grant of each family per person, for ever."""

    AGE_18 = "GRANT_18"
    AGE_15_17 = "GRANT_15_17"
    AGE_17_18 = "GRANT_17_18"
    FREE = "GRANT_FREE"


class GrantKind(StrEnum):
    GRANT_18_V0 = "GRANT_18_V0"
    GRANT_18_V1 = "GRANT_18_V1"
    GRANT_18_V2 = "GRANT_18_V2"
    GRANT_15_17 = "GRANT_15_17"
    GRANT_17_18 = "GRANT_17_18"
    GRANT_FREE = "GRANT_FREE"


FAMILY_OF = MappingProxyType(
    {
        GrantKind.GRANT_18_V0: GrantFamily.AGE_18,
        GrantKind.GRANT_18_V1: GrantFamily.AGE_18,
        GrantKind.GRANT_18_V2: GrantFamily.AGE_18,
        GrantKind.GRANT_15_17: GrantFamily.AGE_15_17,
        GrantKind.GRANT_17_18: GrantFamily.AGE_17_18,
        GrantKind.GRANT_FREE: GrantFamily.FREE,
    }
)


class TopUpKind(StrEnum):
    """Why an amount was added to a grant after it was given; each of the first five once at most."""

    AGE_16 = "RECREDIT_16"
    AGE_17 = "RECREDIT_17"
    AGE_18 = "RECREDIT_18"
    BONUS = "BONUS_CREDIT"
    PREVIOUS_DEPOSIT = "PREVIOUS_DEPOSIT"
    MANUAL_MODIFICATION = "MANUAL_MODIFICATION"
    FINANCE_INCIDENT = "FINANCE_INCIDENT"


TOP_UP_AT_AGE = MappingProxyType({16: TopUpKind.AGE_16, 17: TopUpKind.AGE_17, 18: TopUpKind.AGE_18})


@dataclass(frozen=True, slots=True)
class TopUp:
    kind: TopUpKind
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What the rules of a day give at one age."""

    kind: GrantKind
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Caps:
    """Sub-limits of a grant in cents; None: no limit. `digital_by_department` holds the exceptions."""

    digital_cents: int | None = None
    physical_cents: int | None = None
    digital_by_department: Mapping[str, int | None] = field(default_factory=dict)

    def digital_cents_in(self, department: str | None) -> int | None:
        return self.digital_by_department.get(department or "", self.digital_cents)


@dataclass(frozen=True, slots=True)
class Grant:
    """A credit somebody has. `amount_cents` includes the top-ups; `expires_at` None: never."""

    kind: GrantKind
    amount_cents: int
    granted_at: datetime
    expires_at: datetime | None = None
    top_ups: tuple[TopUpKind, ...] = ()

    @property
    def family(self) -> GrantFamily:
        return FAMILY_OF[self.kind]

    def is_active(self, now: datetime) -> bool:
        """At the very instant of its expiry a grant is over."""
        return self.expires_at is None or self.expires_at > now


UNDERAGE_LAUNCH = midnight(PARIS, 2022, 1, 1)
REFORM = midnight(PARIS, 2025, 3, 1)

_18_V0 = Offered(GrantKind.GRANT_18_V0, 500_00)
_18_V1 = Offered(GrantKind.GRANT_18_V1, 500_00)
_18_V2 = Offered(GrantKind.GRANT_18_V2, 300_00)
_FREE = Offered(GrantKind.GRANT_FREE, 0)

AMOUNTS: DatedTable[Mapping[int, Offered]] = DatedTable(
    name="credit by age",
    keyed_by="grant date",
    rows=(
        row(BEGINNING, MappingProxyType({18: _18_V0}), source="domain.md §2.4: pilot of 2018, 500 €"),
        row(
            midnight(PARIS, 2019, 1, 17),
            MappingProxyType({18: _18_V1}),
            source="domain.md §2.4: 500 €, new caps",
        ),
        row(
            midnight(PARIS, 2021, 1, 6),
            MappingProxyType({18: _18_V2}),
            source="domain.md §2.4, §8: A, S2, 300 €",
            note="in the code that day; opened to all on 2021-05-21",
        ),
        row(
            UNDERAGE_LAUNCH,
            MappingProxyType(
                {
                    15: Offered(GrantKind.GRANT_15_17, 20_00),
                    16: Offered(GrantKind.GRANT_15_17, 30_00),
                    17: Offered(GrantKind.GRANT_15_17, 30_00),
                    18: _18_V2,
                }
            ),
            source="domain.md §2.4, §8: A, S2, 15–17",
            note="≈ public launch in January 2022",
        ),
        row(
            REFORM,
            MappingProxyType(
                {
                    15: _FREE,
                    16: _FREE,
                    17: Offered(GrantKind.GRANT_17_18, 50_00),
                    18: Offered(GrantKind.GRANT_17_18, 150_00),
                }
            ),
            source="domain.md §2.4, §8: M, P, 50 € then 150 €",
        ),
    ),
)

BONUS_CENTS: DatedTable[int] = DatedTable(
    name="social or disability bonus, in cents",
    keyed_by="date of the bonus",
    rows=(
        row(BEGINNING, 0, source="domain.md §2.4: no bonus before the reform"),
        row(REFORM, 50_00, source="domain.md §2.4, §8: M, P"),
    ),
)

BONUS_QUOTIENT_EUROS: DatedTable[int | None] = DatedTable(
    name="family quotient up to which the bonus is given, in euros (None: no bonus)",
    keyed_by="date of the bonus",
    rows=(
        row(BEGINNING, None, source="domain.md §2.4: no bonus before the reform"),
        row(REFORM, 700, source="domain.md §2.4, case T09: M, subscription/bonus; or AAH, AEEH"),
    ),
)

_WITHOUT_CAPS = MappingProxyType({GrantKind.GRANT_15_17: Caps(), GrantKind.GRANT_FREE: Caps()})
_18_V0_CAPS = Caps(digital_cents=200_00, physical_cents=100_00)
_18_V1_CAPS = Caps(digital_cents=200_00, physical_cents=200_00)
_18_V2_CAPS = Caps(digital_cents=100_00)
_OVERSEAS_CAPS: Mapping[str, int | None] = MappingProxyType({"976": 150_00, "975": 200_00, "986": None})
_OVERSEAS_WITHOUT_CAPS: Mapping[str, int | None] = MappingProxyType({"976": None, "975": None, "986": None})

_18_V2_CAPS_OVERSEAS = Caps(100_00, None, _OVERSEAS_CAPS)

CAPS: DatedTable[Mapping[GrantKind, Caps]] = DatedTable(
    name="digital and physical caps",
    keyed_by="grant date",
    rows=(
        row(
            BEGINNING,
            MappingProxyType({GrantKind.GRANT_18_V0: _18_V0_CAPS}),
            source="domain.md §2.4, §8: A@2018",
        ),
        row(
            midnight(PARIS, 2019, 1, 17),
            MappingProxyType({GrantKind.GRANT_18_V1: _18_V1_CAPS}),
            source="domain.md §2.4, §8: physical 200 €",
        ),
        row(
            midnight(PARIS, 2021, 1, 6),
            MappingProxyType({GrantKind.GRANT_18_V2: _18_V2_CAPS, **_WITHOUT_CAPS}),
            source="domain.md §2.4, §8: digital 100 €, no physical cap",
        ),
        row(
            midnight(PARIS, 2022, 1, 1),
            MappingProxyType({GrantKind.GRANT_18_V2: _18_V2_CAPS_OVERSEAS, **_WITHOUT_CAPS}),
            source="domain.md §2.4, case W14: M, overseas exceptions of the digital cap",
            note="≈ 2022–24",
        ),
        row(
            REFORM,
            MappingProxyType(
                {
                    GrantKind.GRANT_18_V2: _18_V2_CAPS_OVERSEAS,
                    GrantKind.GRANT_17_18: Caps(100_00, None, _OVERSEAS_CAPS),
                    **_WITHOUT_CAPS,
                }
            ),
            source="domain.md §2.4: M, digital 100 € with overseas exceptions",
        ),
        row(
            midnight(PARIS, 2025, 12, 31),
            MappingProxyType(
                {
                    GrantKind.GRANT_18_V2: _18_V2_CAPS_OVERSEAS,
                    GrantKind.GRANT_17_18: Caps(50_00, None, _OVERSEAS_WITHOUT_CAPS),
                    **_WITHOUT_CAPS,
                }
            ),
            source="domain.md §2.4: M, digital 50 €; arrêté du 3 décembre 2025 (JO du 30)",
        ),
    ),
)


class Expiry(StrEnum):
    """How the end of a grant is found."""

    NEVER = "never"
    TWO_YEARS = "two_years"
    TWO_YEARS_OR_BIRTHDAY_21 = "two_years_or_birthday_21"
    BIRTHDAY_18 = "birthday_18"
    BIRTHDAY_18_OR_21_OF_THE_REFORM = "birthday_18_or_21_of_the_reform"
    BIRTHDAY_21 = "birthday_21"


_DEFAULT_EXPIRY = MappingProxyType(dict.fromkeys(GrantKind, Expiry.NEVER))

EXPIRIES: DatedTable[Mapping[GrantKind, Expiry]] = DatedTable(
    name="expiry of a grant",
    keyed_by="date on which it is judged",
    rows=(
        row(BEGINNING, _DEFAULT_EXPIRY, source="domain.md §8: A@2018, none"),
        row(
            midnight(PARIS, 2021, 2, 8),
            MappingProxyType(
                {
                    **_DEFAULT_EXPIRY,
                    GrantKind.GRANT_18_V1: Expiry.TWO_YEARS,
                    GrantKind.GRANT_18_V2: Expiry.TWO_YEARS,
                    GrantKind.GRANT_15_17: Expiry.BIRTHDAY_18,
                }
            ),
            source="domain.md §2.4, §8: A, creation + 2 years; 15–17 until 18",
            note="the column is added that day, grants of v1 included",
        ),
        row(
            REFORM,
            MappingProxyType(
                {
                    **_DEFAULT_EXPIRY,
                    GrantKind.GRANT_18_V1: Expiry.TWO_YEARS,
                    GrantKind.GRANT_18_V2: Expiry.TWO_YEARS_OR_BIRTHDAY_21,
                    GrantKind.GRANT_15_17: Expiry.BIRTHDAY_18_OR_21_OF_THE_REFORM,
                    GrantKind.GRANT_17_18: Expiry.BIRTHDAY_21,
                    GrantKind.GRANT_FREE: Expiry.BIRTHDAY_21,
                }
            ),
            source="domain.md §2.4, §8: M, 21st birthday; cases P03, P04: for all that is given since",
        ),
    ),
)

ENDED_LEAVES: DatedTable[bool] = DatedTable(
    name="does an underage credit that is over leave its rest to the one of 18",
    keyed_by="date on which it ends",
    rows=(
        row(BEGINNING, False, source="domain.md §7.3, E67: lost at 00:00 of the 18th birthday"),
        row(REFORM, True, source="domain.md §2.4, case T05: M, revived so that its rest moves"),
    ),
)

_OVERSEAS_MARGIN = timedelta(hours=11)
"""21 is reached everywhere, overseas too, 11 hours after midnight UTC (domain.md §2.4)."""


def birthday_21(birth_date: date) -> datetime:
    return midnight("UTC", *birthday(birth_date, 21).timetuple()[:3]) + _OVERSEAS_MARGIN


def two_years_after(granted_at: datetime) -> datetime:
    """The same time of day in UTC two years later; 28 February for a grant of 29 February."""
    start = granted_at.astimezone(UTC)
    return datetime.combine(years_after(start.date(), 2), start.timetz())


def expiry_of(
    kind: GrantKind, granted_at: datetime, birth_date: date, zone: str, on: datetime
) -> datetime | None:
    """When a grant is over (exclusive), by the rules in force on `on`; None: never.

    The reform prolongs to the 21st birthday what it finds alive; it revives nothing.
    """
    match EXPIRIES.at(on)[kind]:
        case Expiry.NEVER:
            return None
        case Expiry.TWO_YEARS:
            return two_years_after(granted_at)
        case Expiry.TWO_YEARS_OR_BIRTHDAY_21:
            end = two_years_after(granted_at)
            return max(end, birthday_21(birth_date)) if end > REFORM else end
        case Expiry.BIRTHDAY_18:
            return birthday_midnight(birth_date, 18, zone)
        case Expiry.BIRTHDAY_18_OR_21_OF_THE_REFORM:
            of_the_reform = granted_at >= REFORM
            return birthday_21(birth_date) if of_the_reform else birthday_midnight(birth_date, 18, zone)
        case Expiry.BIRTHDAY_21:
            return birthday_21(birth_date)


def caps_of(kind: GrantKind, granted_at: datetime, department: str | None) -> tuple[int | None, int | None]:
    """Digital and physical cap in cents of a grant, for somebody of a département; None: no cap."""
    caps = CAPS.at(granted_at)[kind]
    return caps.digital_cents_in(department), caps.physical_cents
