"""What somebody on the phone with a bookseller or a young person asks of the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.domain import automatic, cancellation
from booking.domain.subcategories import SUBCATEGORIES
from booking.domain.subcategories import Subcategory as BookingSubcategory
from chassis.dated import DatedTable, Row
from chassis.departments import timezone_of
from finance.domain import bareme, pricing, subcategories
from finance.domain.bookings import UsedBooking
from finance.domain.calendar import Fortnight, civil_year_paris
from finance.domain.counters import Counters, counter_key
from identity.domain import eligibility, grants
from local_platform.rulebook.plain import euros, plain
from local_platform.user_error import UserError

PARIS = ZoneInfo("Europe/Paris")


Edition = tuple[DatedTable[Any], Row[Any]]


@dataclass(frozen=True)
class Answer:
    """A sentence, and the editions it rests on."""

    sentence: str
    used: Sequence[Edition]


def at_noon(day: date) -> datetime:
    """The instant a question about a day is judged at: noon in Paris, far from both midnights."""
    return datetime.combine(day, time(12), PARIS)


def credit(birth_date: date, on: datetime, department: str | None = None) -> Answer:
    """What credit somebody born that day is given on that day, living in that département."""
    zone = timezone_of(department)
    offered = eligibility.offered_at(birth_date, on, zone)
    used: list[Edition] = [(grants.AMOUNTS, grants.AMOUNTS.row_at(on))]
    if offered is None or offered.amount_cents == 0:
        return Answer(f"No credit is given on {_day(on)} to somebody born on {birth_date}.", used)
    digital, physical = grants.caps_of(offered.kind, on, department)
    expires = grants.expiry_of(offered.kind, on, birth_date, zone, on)
    until = f"until {_day(expires)}" if expires else "without end"
    caps = [
        f"at most {euros(cents)} {what}"
        for cents, what in ((digital, "online"), (physical, "on physical goods"))
        if cents is not None
    ]
    used += [(table, table.row_at(on)) for table in (grants.CAPS, grants.EXPIRIES)]
    return Answer(
        ", ".join([f"{euros(offered.amount_cents)} ({offered.kind.value}) {until}", *caps]) + ".", used
    )


def cancellation_limit(subcategory_id: str, booked_at: datetime, starts_at: datetime | None) -> Answer:
    """Until when the beneficiary may undo a booking."""
    subcategory = _known(subcategory_id)
    limit = cancellation.cancellation_limit(subcategory, starts_at, booked_at)
    table: DatedTable[Any] = cancellation.EVENT_LIMITS if starts_at else cancellation.BOOK_DEADLINES
    used = [(table, table.row_at(booked_at))]
    if limit is None:
        return Answer("It can be undone at any time until it is used or expires.", used)
    if limit <= booked_at:
        return Answer("It was firm at once.", used)
    return Answer(f"It could be undone before {_instant(limit)}, that instant excluded.", used)


def claim(subcategory_id: str, booked_at: datetime) -> Answer:
    """When an unclaimed booking expires."""
    subcategory = _known(subcategory_id)
    used = [(automatic.CLAIMS, automatic.CLAIMS.row_at(booked_at))]
    day = automatic.expires_on(subcategory, booked_at)
    if day is None:
        return Answer("It never expires.", used)
    return Answer(f"Unclaimed, it expires in the run of {day} at 05:00 UTC.", used)


def reimbursement(subcategory_id: str, amount_cents: int, turnover_cents: int, used_at: datetime) -> Answer:
    """What a place is paid for one booking, given what it had turned over in the year before it."""
    subcategory = _known(subcategory_id)
    nobody = UUID(int=0)
    booking = UsedBooking(
        booking_id=nobody,
        structure_id=nobody,
        venue_id=nobody,
        pricing_point_id=nobody,
        offer_id=nobody,
        subcategory_id=subcategory.id,
        unit_price_cents=amount_cents,
        quantity=1,
        created_at=used_at,
        used_at=used_at,
    )
    edition = bareme.BAREME.row_at(used_at)
    counters = Counters()
    counters.add(counter_key(edition.value.counter, booking, used_at), turnover_cents)
    priced = pricing.Pricer(counters=counters).price(booking)
    fortnight = Fortnight.containing(used_at.astimezone(PARIS).date())
    rate = "" if priced.rate_bp is None else f", {plain(priced.rate_bp, 'rate_bp')} of {euros(amount_cents)}"
    sentence = (
        f"{euros(priced.reimbursed_cents)}{rate} ({priced.rule.value}): turnover of "
        f"{civil_year_paris(used_at)} with it {euros(priced.revenue_cents)}; "
        f"paid with the fortnight that ends on {fortnight.last_day}."
    )
    families = subcategories.FAMILIES
    return Answer(sentence, [(bareme.BAREME, edition), (families, families.row_at(used_at))])


def _known(subcategory_id: str) -> BookingSubcategory:
    """The sub-category of that id. Raises UserError with those whose names are close."""
    found = SUBCATEGORIES.get(subcategory_id.upper())
    if found is None:
        close = get_close_matches(subcategory_id.upper(), SUBCATEGORIES, n=5, cutoff=0.4)
        raise UserError(
            f"There is no sub-category {subcategory_id}.",
            f"Close to it: {', '.join(close)}." if close else "",
        )
    return found


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%d}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%d %H:%M} Paris"
