"""What the nightly run does on birthdays, and the other amounts added later (domain.md §2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from identity.domain.age import age_on, birthday, local_day
from identity.domain.eligibility import Entitlement
from identity.domain.granting import NewGrant, ToppedUp, grant_of, leaves_after_its_end, top_up
from identity.domain.grants import (
    AMOUNTS,
    BONUS_CENTS,
    BONUS_QUOTIENT_EUROS,
    REFORM,
    TOP_UP_AT_AGE,
    UNDERAGE_LAUNCH,
    Grant,
    GrantFamily,
    GrantKind,
    TopUp,
    TopUpKind,
)
from identity.domain.refusals import GrantAlreadyGiven, NotEntitledToBonus

_NONE: Mapping[int, int] = MappingProxyType({})

BIRTHDAY_TOP_UPS: DatedTable[Mapping[int, int]] = DatedTable(
    name="birthday top-up of a GRANT_15_17, in cents by age",
    keyed_by="date of the nightly run",
    rows=(
        row(BEGINNING, _NONE, source="domain.md §2.4: nothing under 18"),
        row(UNDERAGE_LAUNCH, MappingProxyType({16: 30_00, 17: 30_00}), source="domain.md §2.4: A, recredits"),
        row(
            REFORM, _NONE, source="domain.md §2.4: M, 15–17 is closed; at 17 its holder moves to GRANT_17_18"
        ),
    ),
)


PAID_TWICE_ON_THE_DAY: DatedTable[bool] = DatedTable(
    name="is a birthday paid again to who was activated on the very day",
    keyed_by="date of the nightly run",
    rows=(
        row(BEGINNING, True, source="domain.md §2.4, E66: activated ≤ birthday, 30 € + 30 €"),
        row(
            midnight(PARIS, 2023, 1, 1),
            False,
            source="domain.md §2.4, case T06, §10.15: M, a bug that is mended",
            note="≈ first year of the newer code",
        ),
    ),
)


def on_birthday(grant: Grant, birth_date: date, zone: str, now: datetime) -> ToppedUp | NewGrant | None:
    """What the run of `now` does with an active GRANT_15_17; None: nothing.

    Only the present age is looked at: an age that was missed is not caught up. Until 2023 whoever was
    activated on the birthday itself counted as activated before it (30 € + 30 €).
    """
    if grant.kind is not GrantKind.GRANT_15_17 or not grant.is_active(now):
        return None
    today = local_day(now, zone)
    age = age_on(birth_date, today)
    kind = TOP_UP_AT_AGE.get(age)
    if kind is None or kind in grant.top_ups:
        return None
    activated_on = local_day(grant.granted_at, zone)
    cents = BIRTHDAY_TOP_UPS.at(now).get(age)
    if cents is not None:
        day = birthday(birth_date, age)
        is_due = activated_on <= day if PAID_TWICE_ON_THE_DAY.at(now) else activated_on < day
        return top_up(grant, (TopUp(kind, cents),)) if is_due else None
    moves = age == 17 and activated_on < birthday(birth_date, age)
    return _move_to_17_18(grant, birth_date, zone, now) if moves else None


def _move_to_17_18(grant: Grant, birth_date: date, zone: str, now: datetime) -> NewGrant | None:
    """Since the reform: at 17 the credit of 15–17 goes over into a GRANT_17_18. At 18 a new file is needed."""
    offered = AMOUNTS.at(now).get(17)
    if offered is None:
        return None
    due = Entitlement(offered.kind, ((17, offered.amount_cents),))
    return NewGrant(grant_of(due, birth_date, zone, now), replaces=grant)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the family-benefit services say of somebody; None: they say nothing."""

    family_quotient_euros: int | None = None
    receives_aah: bool = False
    """The allowance for disabled adults."""
    receives_aeeh: bool = False
    """The allowance for the education of a disabled child, of which they are the child."""


def entitles_to_bonus(situation: Situation, now: datetime) -> bool:
    """A family quotient up to the ceiling of the day, itself included, or one of the two allowances (T09)."""
    ceiling = BONUS_QUOTIENT_EUROS.at(now)
    if ceiling is None:
        return False
    quotient = situation.family_quotient_euros
    modest = quotient is not None and quotient <= ceiling
    return modest or situation.receives_aah or situation.receives_aeeh


def bonus(
    grant: Grant, situation: Situation, now: datetime
) -> ToppedUp | NotEntitledToBonus | GrantAlreadyGiven:
    """The social or disability bonus, once, on an active GRANT_17_18."""
    if not entitles_to_bonus(situation, now):
        return NotEntitledToBonus()
    cents = BONUS_CENTS.at(now)
    eligible = grant.family is GrantFamily.AGE_17_18 and grant.is_active(now) and cents > 0
    if not eligible or TopUpKind.BONUS in grant.top_ups:
        return GrantAlreadyGiven(TopUpKind.BONUS)
    return top_up(grant, (TopUp(TopUpKind.BONUS, cents),))


def leftover(previous: Grant, spent_cents: int, moved_cents: int, now: datetime) -> TopUp | None:
    """What goes from an older grant into the one that replaces it; None when there is nothing.

    `spent_cents`: all its bookings that are not cancelled; `moved_cents`: those of them that go over
    to the new grant with the money that pays them. A grant that is over leaves nothing (E67), but for an
    underage one since the reform (T05).
    """
    if not previous.is_active(now) and not leaves_after_its_end(previous):
        return None
    cents = max(previous.amount_cents - spent_cents, 0) + moved_cents
    return TopUp(TopUpKind.PREVIOUS_DEPOSIT, cents) if cents else None
