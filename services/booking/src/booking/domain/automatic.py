"""What time does to a booking on its own: use, expiry, warning (domain.md §4.5, §8, §10.1).

The jobs run at night by the UTC clock: use at 00:00, expiry at 05:00, warning at 05:30.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from booking.domain.booking import Status
from booking.domain.subcategories import Subcategory
from chassis.dated import BEGINNING, DatedTable, midnight, row

_PARIS = "Europe/Paris"

USE_RUNS_AT = time(0, 0, tzinfo=UTC)
EXPIRY_RUNS_AT = time(5, 0, tzinfo=UTC)
WARNING_RUNS_AT = time(5, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AutoUse:
    """Time after the *start* of an event; `announced` is what places read, which may be longer."""

    delay: timedelta
    announced: timedelta


AUTO_USE: DatedTable[AutoUse | None] = DatedTable(
    "automatic use of events",
    keyed_by="date of the run",
    rows=(
        row(BEGINNING, None, source="domain.md §8"),
        row(
            midnight(_PARIS, 2019, 9, 3),
            AutoUse(timedelta(hours=48), announced=timedelta(hours=48)),
            source="domain.md §4.5, §8 (A)",
        ),
        row(
            midnight(_PARIS, 2024, 1, 1),
            AutoUse(timedelta(hours=48), announced=timedelta(hours=72)),
            source="domain.md §8, §10.1; S3 for the text, M for the code",
        ),
    ),
)


def started_before(run_at: datetime) -> datetime | None:
    """Events that start strictly before this instant are used by a run; None before there was one."""
    edition = AUTO_USE.at(run_at)
    return None if edition is None else run_at - edition.delay


def is_used_by(run_at: datetime, status: Status, starts_at: datetime | None) -> bool:
    """Whether a nightly run marks the booking as used."""
    bound = started_before(run_at)
    return status is Status.CONFIRMED and starts_at is not None and bound is not None and starts_at < bound


@dataclass(frozen=True, slots=True)
class Claim:
    """Whole days (24 h) left to claim a booking, and how many before the end a warning is sent."""

    days: int
    warning_days: int | None


_OTHERS = "*"

CLAIMS: DatedTable[Mapping[str, Claim]] = DatedTable(
    "time to claim a booking",
    keyed_by="booking date",
    rows=(
        row(BEGINNING, {}, source="domain.md §8", note="nothing expired"),
        row(
            midnight(_PARIS, 2018, 12, 1),
            {"LIVRE_PAPIER": Claim(7, warning_days=None)},
            source="domain.md §8; S4 (« annuler sa réservation dans un délai d'une semaine »)",
        ),
        row(midnight(_PARIS, 2020, 12, 1), {_OTHERS: Claim(30, warning_days=7)}, source="domain.md §8 (A)"),
        row(
            midnight(_PARIS, 2021, 9, 6),
            {"LIVRE_PAPIER": Claim(10, warning_days=5), _OTHERS: Claim(30, warning_days=7)},
            source="domain.md §4.5, §8 (A)",
        ),
    ),
)


def claim_of(subcategory: Subcategory, booked_at: datetime) -> Claim | None:
    """How long a booking may wait to be claimed; None when it never expires."""
    if not subcategory.can_expire:
        return None
    claims = CLAIMS.at(booked_at)
    return claims.get(subcategory.id) or claims.get(_OTHERS)


def expires_on(subcategory: Subcategory, booked_at: datetime) -> date | None:
    """The UTC day whose run cancels the unclaimed booking: booking + delay ≤ that day at 00:00."""
    claim = claim_of(subcategory, booked_at)
    if claim is None:
        return None
    end = (booked_at + timedelta(days=claim.days)).astimezone(UTC)
    return end.date() if end.time() == time.min else end.date() + timedelta(days=1)


def is_expired_by(run_on: date, status: Status, subcategory: Subcategory, booked_at: datetime) -> bool:
    """Whether the run of that UTC day cancels the booking; a day that was missed is caught up."""
    day = expires_on(subcategory, booked_at)
    return status is Status.CONFIRMED and day is not None and day <= run_on


def is_warned_by(run_on: date, status: Status, subcategory: Subcategory, booked_at: datetime) -> bool:
    """Whether the run of that UTC day warns that the booking is about to expire."""
    claim = claim_of(subcategory, booked_at)
    if claim is None or claim.warning_days is None or status is not Status.CONFIRMED:
        return False
    end = (booked_at + timedelta(days=claim.days)).astimezone(UTC)
    return end.date() == run_on + timedelta(days=claim.warning_days)
