"""Who may ask for a credit, of which kind, and during which window (domain.md §2.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, row
from identity.domain.age import age_on, birthday_midnight, local_day
from identity.domain.grants import (
    AMOUNTS,
    FAMILY_OF,
    REFORM,
    UNDERAGE_LAUNCH,
    GrantFamily,
    GrantKind,
    Offered,
)
from identity.domain.refusals import NotEligibleAge

_AGES = MappingProxyType(
    {
        GrantFamily.AGE_18: (18, 19),
        GrantFamily.AGE_15_17: (15, 18),
        GrantFamily.AGE_17_18: (17, 19),
        GrantFamily.FREE: (15, 17),
    }
)

LATEST_AGE = 20
"""A file opened in time is still granted until the 21st birthday."""


class JudgedOn(StrEnum):
    """The instant at which age and edition are looked at."""

    GRANT = "grant"
    FIRST_STEP = "first_step"


JUDGED_ON: DatedTable[JudgedOn] = DatedTable(
    name="instant at which eligibility is judged",
    keyed_by="grant date",
    rows=(
        row(BEGINNING, JudgedOn.GRANT, source="domain.md §2.2: A, at the grant itself"),
        row(
            UNDERAGE_LAUNCH,
            JudgedOn.FIRST_STEP,
            source="domain.md §2.2: M, at the first registration step",
            note="≈ first year of the newer code",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What somebody may receive: `by_age` lists the ages counted and the cents of each."""

    kind: GrantKind
    by_age: tuple[tuple[int, int], ...]

    @property
    def family(self) -> GrantFamily:
        return FAMILY_OF[self.kind]

    @property
    def amount_cents(self) -> int:
        return sum(cents for _, cents in self.by_age)


def window(birth_date: date, family: GrantFamily, zone: str) -> tuple[datetime, datetime]:
    """`[start, end)` during which a file of this family may be opened: birthdays at 00:00 in `zone`."""
    first_age, age_after = _AGES[family]
    return birthday_midnight(birth_date, first_age, zone), birthday_midnight(birth_date, age_after, zone)


def offered_at(birth_date: date, instant: datetime, zone: str) -> Offered | None:
    """What the rules of `instant` give to somebody of that age; None: not eligible."""
    return AMOUNTS.at(instant).get(age_on(birth_date, local_day(instant, zone)))


def entitlement(
    birth_date: date, opened_at: datetime, now: datetime, zone: str
) -> Entitlement | NotEligibleAge:
    """What a file opened at `opened_at` (its first step) gives when it is complete at `now`.

    A file opened at 18 before the reform keeps its 300 €; any other follows the rules of today, and
    falls back on those of its opening when today's give nothing. Birthdays passed while the file was
    open are paid too.
    """
    age = age_on(birth_date, local_day(now, zone))
    if JUDGED_ON.at(now) is JudgedOn.GRANT:
        opened_at = now
    opening = offered_at(birth_date, opened_at, zone)
    current = offered_at(birth_date, now, zone)
    if age > LATEST_AGE:
        return NotEligibleAge(age)
    if opening is not None and FAMILY_OF[opening.kind] is GrantFamily.AGE_18:
        return Entitlement(opening.kind, ((18, opening.amount_cents),))
    if current is not None and current.kind is not GrantKind.GRANT_FREE:
        chosen, edition = current, AMOUNTS.at(now)
    elif opening is not None and opening.kind is not GrantKind.GRANT_FREE:
        chosen, edition = opening, AMOUNTS.at(opened_at)
    elif current is not None:
        return Entitlement(current.kind, ((age, current.amount_cents),))
    else:
        return NotEligibleAge(age)

    before = _promised_before_the_reform(birth_date, opened_at, now, zone)
    if before is not None and chosen is not current:
        return Entitlement(chosen.kind, (before,))
    if before is not None and chosen.kind is GrantKind.GRANT_17_18:
        return Entitlement(chosen.kind, (before, (age, chosen.amount_cents)))
    same_kind = opening is not None and opening.kind is chosen.kind
    first_age = age_on(birth_date, local_day(opened_at, zone)) if same_kind else age
    return Entitlement(
        chosen.kind,
        tuple(
            (counted, edition[counted].amount_cents)
            for counted in range(first_age, age + 1)
            if counted in edition and edition[counted].kind is chosen.kind
        ),
    )


def _promised_before_the_reform(
    birth_date: date, opened_at: datetime, now: datetime, zone: str
) -> tuple[int, int] | None:
    """The age at which a file was opened before the reform, and its cents, where the reform pays that age nothing.

    Since the reform that part is still given, whatever birthdays have passed (G10: 15 then, 16 now: 20 €), and
    goes over into the credit of 17 (G09: 15 then, 17 now: 20 € + 50 €).
    """
    age = age_on(birth_date, local_day(opened_at, zone))
    opening = AMOUNTS.at(opened_at).get(age)
    if opening is None or opening.kind is not GrantKind.GRANT_15_17 or not opened_at < REFORM <= now:
        return None
    pays_nothing = AMOUNTS.at(now)[age].amount_cents == 0
    return (age, opening.amount_cents) if pays_nothing else None
