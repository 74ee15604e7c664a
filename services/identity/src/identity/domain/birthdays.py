"""What the nightly run does on birthdays, and the other amounts added later (domain.md §2.4)."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, row
from identity.domain.age import age_on, birthday, local_day
from identity.domain.eligibility import Entitlement
from identity.domain.granting import NewGrant, ToppedUp, grant_of, top_up
from identity.domain.grants import (
    AMOUNTS,
    BONUS_CENTS,
    REFORM,
    TOP_UP_AT_AGE,
    UNDERAGE_LAUNCH,
    Grant,
    GrantFamily,
    GrantKind,
    TopUp,
    TopUpKind,
)
from identity.domain.refusals import GrantAlreadyGiven

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


def on_birthday(grant: Grant, birth_date: date, zone: str, now: datetime) -> ToppedUp | NewGrant | None:
    """What the run of `now` does with an active GRANT_15_17; None: nothing.

    Only the present age is looked at: an age that was missed is not caught up. Whoever was activated
    on the birthday itself counts as activated before it (the known quirk: 30 € + 30 €).
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
        return top_up(grant, (TopUp(kind, cents),)) if activated_on <= birthday(birth_date, age) else None
    moves = age == 17 and activated_on < birthday(birth_date, age)
    return _move_to_17_18(grant, birth_date, zone, now) if moves else None


def _move_to_17_18(grant: Grant, birth_date: date, zone: str, now: datetime) -> NewGrant | None:
    """Since the reform: at 17 the credit of 15–17 goes over into a GRANT_17_18. At 18 a new file is needed."""
    offered = AMOUNTS.at(now).get(17)
    if offered is None:
        return None
    due = Entitlement(offered.kind, ((17, offered.amount_cents),))
    return NewGrant(grant_of(due, birth_date, zone, now), replaces=grant)


def bonus(grant: Grant, now: datetime) -> ToppedUp | GrantAlreadyGiven:
    """The social or disability bonus, once, on an active GRANT_17_18."""
    cents = BONUS_CENTS.at(now)
    eligible = grant.family is GrantFamily.AGE_17_18 and grant.is_active(now) and cents > 0
    if not eligible or TopUpKind.BONUS in grant.top_ups:
        return GrantAlreadyGiven(TopUpKind.BONUS)
    return top_up(grant, (TopUp(TopUpKind.BONUS, cents),))


def leftover(previous: Grant, spent_cents: int, moved_cents: int, now: datetime) -> TopUp | None:
    """What goes from an older grant into the one that replaces it; None when there is nothing.

    `spent_cents`: all its bookings that are not cancelled; `moved_cents`: those of them that go over
    to the new grant with the money that pays them. A grant that is over leaves nothing (E67).
    """
    if not previous.is_active(now):
        return None
    cents = max(previous.amount_cents - spent_cents, 0) + moved_cents
    return TopUp(TopUpKind.PREVIOUS_DEPOSIT, cents) if cents else None
