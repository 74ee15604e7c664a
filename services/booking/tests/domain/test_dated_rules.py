"""Each row of domain.md §8 that booking holds: the last instant before it and its first instant."""

from datetime import datetime, timedelta

import pytest

from booking.domain import (
    automatic,
    booking,
    cancellation,
    contremarque,
    fortnights,
    policies,
    refusals,
    rest,
    usage,
    visibility,
)
from booking.domain.automatic import Claim, claim_of, started_before
from booking.domain.booking import Status, Trigger, next_status
from booking.domain.cancellation import Canceller, cancellation_limit, limit_when_moved, refuse_cancellation
from booking.domain.contremarque import could_date_from
from booking.domain.policies import first_refusal, is_used_at_once
from booking.domain.rest import Operation, status_of
from booking.domain.subcategories import subcategory_of
from booking.domain.usage import refuse_undo, refuse_use
from booking.domain.visibility import BeneficiaryFact
from booking_support import builders
from booking_support.builders import JUST, NOW, attempt, utc, v1
from chassis.dated import DatedTable, midnight

CONCERT, BOOK, DVD = map(subcategory_of, ("CONCERT", "LIVRE_PAPIER", "SUPPORT_PHYSIQUE_FILM"))

TABLES: list[DatedTable[object]] = [
    value
    for module in (
        automatic,
        booking,
        cancellation,
        contremarque,
        fortnights,
        policies,
        rest,
        usage,
        visibility,
    )
    for value in vars(module).values()
    if isinstance(value, DatedTable)
]


def paris(year: int, month: int, day: int) -> datetime:
    return midnight("Europe/Paris", year, month, day)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_instant_has_exactly_one_row_and_every_row_a_source(table: DatedTable[object]) -> None:
    periods = list(table.periods())
    for (start, end, row), (after, _, _) in zip(periods, [*periods[1:], (None, None, None)], strict=True):
        assert end == after
        assert table.row_at(start) is row
        assert end is None or table.row_at(end - JUST) is row
        assert row.source
        assert "/domain/" in row.location
    assert table.row_at(utc(2018, 1, 1)) is periods[0][2]


# -- user cancellation, events [booking date] ------------------------------------------------------

START = timedelta(days=30)


def limit_after(booked_at: datetime, starts_in: timedelta = START) -> timedelta:
    limit = cancellation_limit(CONCERT, booked_at + starts_in, booked_at)
    assert limit is not None
    return limit - booked_at


@pytest.mark.parametrize(
    ("first", "before", "since"),
    [
        (paris(2018, 9, 1), timedelta(0), START - timedelta(hours=48)),
        (paris(2018, 12, 1), START - timedelta(hours=48), START - timedelta(hours=72)),
        (paris(2019, 1, 17), START - timedelta(hours=72), START - timedelta(hours=72)),
        (paris(2020, 11, 3), START - timedelta(hours=72), timedelta(hours=48)),
        (paris(2020, 11, 19), timedelta(hours=48), timedelta(hours=48)),
    ],
)
def test_cancellation_limit_of_events(first: datetime, before: timedelta, since: timedelta) -> None:
    assert limit_after(first - JUST) == before
    assert limit_after(first) == since


def test_cancellation_limit_near_the_start_on_2020_11_19() -> None:
    soon, very_soon = timedelta(hours=80), timedelta(hours=10)
    assert limit_after(paris(2020, 11, 19) - JUST, soon) == timedelta(hours=8)
    assert limit_after(paris(2020, 11, 19), soon) == timedelta(hours=32)
    assert limit_after(paris(2020, 11, 19) - JUST, very_soon) == timedelta(0)
    assert limit_after(paris(2020, 11, 19), very_soon) == timedelta(0)


def test_L05_the_limit_is_never_before_the_edit() -> None:
    edited = utc(2020, 11, 17, 15)
    assert limit_when_moved(edited + timedelta(days=1), edited) == edited
    assert limit_when_moved(edited + timedelta(hours=73), edited) == edited + timedelta(hours=1)
    assert limit_when_moved(edited + timedelta(days=20), edited) == edited + timedelta(hours=48)


@pytest.mark.parametrize(("days", "hours"), [(1, 24), (2, 48), (3, 48), (7, 48)])
def test_L04_a_moved_event_can_be_cancelled_for_two_days_or_until_it_starts(days: int, hours: int) -> None:
    edited = utc(2026, 3, 10, 12)
    assert limit_when_moved(edited + timedelta(days=days), edited) == edited + timedelta(hours=hours)


def test_moved_to_the_past_a_booking_is_firm_at_once() -> None:
    edited = utc(2026, 3, 10, 12)
    assert limit_when_moved(edited - timedelta(days=1), edited) == edited


def test_until_2022_a_moved_event_counted_as_if_it_were_booked_at_the_edit() -> None:
    first = paris(2023, 1, 1)
    near = timedelta(hours=50)
    assert limit_when_moved(first - JUST + near, first - JUST) == first - JUST + timedelta(hours=2)
    assert limit_when_moved(first + near, first) == first + timedelta(hours=48)


# -- book cancellation and expiry ------------------------------------------------------------------


def test_time_to_cancel_a_paper_book() -> None:
    def limit(booked_at: datetime) -> datetime | None:
        return cancellation_limit(BOOK, None, booked_at)

    week, gone = paris(2018, 12, 1), paris(2020, 12, 1)
    assert limit(week - JUST) is None
    assert limit(week) == week + timedelta(days=7)
    assert limit(gone - JUST) == gone - JUST + timedelta(days=7)
    assert limit(gone) is None
    assert cancellation_limit(DVD, None, week) is None


@pytest.mark.parametrize(
    ("first", "book_before", "book_since", "dvd_before", "dvd_since"),
    [
        (paris(2018, 12, 1), None, Claim(7, None), None, None),
        (paris(2020, 12, 1), Claim(7, None), Claim(30, 7), None, Claim(30, 7)),
        (paris(2021, 9, 6), Claim(30, 7), Claim(10, 5), Claim(30, 7), Claim(30, 7)),
    ],
)
def test_time_to_claim(
    first: datetime,
    book_before: Claim | None,
    book_since: Claim,
    dvd_before: Claim | None,
    dvd_since: Claim | None,
) -> None:
    assert (claim_of(BOOK, first - JUST), claim_of(BOOK, first)) == (book_before, book_since)
    assert (claim_of(DVD, first - JUST), claim_of(DVD, first)) == (dvd_before, dvd_since)


# -- same offer several times, quantity, free offers, minors [booking date] ------------------------


def refused(first: datetime, **facts: object) -> tuple[type | None, type | None]:
    """Refusal on the last instant before `first`, and on `first`."""

    def at(now: datetime) -> type | None:
        refusal = first_refusal(attempt(now=now, envelope=v1(), **facts))  # type: ignore[arg-type]
        return None if refusal is None else type(refusal)

    return at(first - JUST), at(first)


def test_only_free_offers_until_mid_october_2018() -> None:
    assert refused(paris(2018, 10, 15)) == (refusals.StockNotBookable, None)
    assert refused(paris(2018, 10, 15), price_cents=0) == (None, None)


def test_quantity_one_and_one_booking_per_stock_on_2019_02_12() -> None:
    first = paris(2019, 2, 12)
    assert refused(first, quantity=7) == (None, refusals.WrongQuantity)
    assert refused(first, has_booked_stock=True, has_booked_offer=True) == (None, refusals.AlreadyBooked)
    assert refused(first, has_booked_offer=True) == (None, None)
    assert refused(first, quantity=0) == (refusals.WrongQuantity, refusals.WrongQuantity)


def test_duo_since_october_2019() -> None:
    first = paris(2019, 10, 1)
    assert refused(first, quantity=2, is_duo=True) == (refusals.WrongQuantity, None)
    too_many = (refusals.WrongQuantity, refusals.WrongQuantity)
    assert refused(first, quantity=2, is_duo=True, subcategory="VOD") == too_many
    assert refused(first, quantity=2) == too_many


def test_one_active_booking_per_offer_on_2020_03_30() -> None:
    assert refused(paris(2020, 3, 30), has_booked_offer=True) == (None, refusals.AlreadyBooked)


def test_the_limit_itself_was_in_time_until_2020_03_29() -> None:
    first = paris(2020, 3, 30)
    for now, expected in ((first - JUST, None), (first, refusals.BookingClosed(first, "Europe/Paris"))):
        stock = {"booking_limit_at": now}
        assert first_refusal(attempt(now=now, envelope=v1(), stock=stock)) == expected


def test_past_its_limit_a_stock_was_closed_in_2018_too() -> None:
    now = paris(2020, 3, 30) - JUST
    late = attempt(now=now, envelope=v1(), stock={"booking_limit_at": now - JUST})
    assert first_refusal(late) == refusals.BookingClosed(now - JUST, "Europe/Paris")


def test_closed_to_minors_since_2022() -> None:
    first = paris(2022, 1, 1)
    assert refused(first, subcategory="ABO_JEU_VIDEO", price_cents=0, is_minor=True) == (
        None,
        refusals.OfferNotForMinors,
    )
    assert refused(first, subcategory="VISITE_VIRTUELLE", is_minor=True) == (None, refusals.OfferNotForMinors)
    assert refused(first, subcategory="VISITE_VIRTUELLE", price_cents=0, is_minor=True) == (None, None)
    assert refused(first, subcategory="ABO_JEU_VIDEO", is_minor=False) == (None, None)
    assert refused(first, subcategory="CONCERT", is_minor=True) == (None, None)


def test_opening_date_of_bookings_since_2024() -> None:
    first = paris(2024, 1, 1)
    assert refused(first, stock={"booking_opens_at": first + JUST}) == (None, refusals.StockNotBookable)
    assert refused(first, stock={"booking_opens_at": first}) == (None, None)


def test_nobody_books_from_the_structure_they_act_for_since_november_2026() -> None:
    assert refused(paris(2026, 11, 1), is_own_structure=True) == (None, refusals.OwnStructureOffer)


def test_a_closed_structure_validates_nothing_since_2025() -> None:
    first = paris(2025, 1, 1)
    of_closed = builders.booking("LIVRE_PAPIER", structure_is_closed=True)
    assert refuse_use(of_closed, first - JUST, "Europe/Paris") is None
    assert refuse_use(of_closed, first, "Europe/Paris") == refusals.StructureClosed()
    used = builders.booking("LIVRE_PAPIER", Status.USED, structure_is_closed=True)
    assert refuse_undo(used, first - JUST) is None
    assert refuse_undo(used, first) == refusals.StructureClosed()


def test_free_cards_are_used_at_once_since_2022() -> None:
    first = paris(2022, 1, 1)
    for now, expected in ((first - JUST, False), (first, True)):
        assert is_used_at_once(attempt("CARTE_MUSEE", 0, now=now)) is expected
        assert is_used_at_once(attempt("CARTE_MUSEE", 1, now=now)) is False
        assert is_used_at_once(attempt("VOD", 1, now=now, activation_codes_left=3)) is True


# -- Guichet, automatic use, contremarque ----------------------------------------------------------


def test_usable_window_changes_on_2020_11_13() -> None:
    first = paris(2020, 11, 13)
    far = builders.booking(created_at=first - timedelta(days=9), starts_at=first + timedelta(days=20))
    assert refuse_use(far, first - JUST, "Europe/Paris") == refusals.NotUsableYet(
        first + timedelta(days=17), "Europe/Paris"
    )
    assert refuse_use(far, first, "Europe/Paris") is None
    near = builders.booking(created_at=first - timedelta(hours=1), starts_at=first + timedelta(hours=72))
    assert refuse_use(near, first - JUST, "Europe/Paris") is not None
    near = builders.booking(
        created_at=first - timedelta(hours=1), starts_at=first - JUST + timedelta(hours=72)
    )
    assert refuse_use(near, first - JUST, "Europe/Paris") is None


def test_a_cancelled_contremarque_answered_410_in_2018() -> None:
    first = paris(2019, 1, 1)
    assert status_of(refusals.CancelledBooking(), Operation.USE, first - JUST) == 410
    assert status_of(refusals.CancelledBooking(), Operation.USE, first) == 403


def test_automatic_use_since_2019_09_03() -> None:
    first = paris(2019, 9, 3)
    assert started_before(first - JUST) is None
    assert started_before(first) == first - timedelta(hours=48)
    assert not automatic.is_used_by(first - JUST, Status.CONFIRMED, utc(2019, 1, 1))


def test_automatic_use_is_announced_later_since_2024() -> None:
    first = paris(2024, 1, 1)
    before, since = automatic.AUTO_USE.at(first - JUST), automatic.AUTO_USE.at(first)
    assert before is not None
    assert since is not None
    assert (before.announced, since.announced) == (timedelta(hours=48), timedelta(hours=72))
    assert before.delay == since.delay == timedelta(hours=48)


def test_contremarques_of_two_alphabets() -> None:
    first = paris(2020, 12, 1)
    assert could_date_from("8E9A24", first - JUST)
    assert not could_date_from("8E9A24", first)
    assert could_date_from("ABC23F", first)
    assert not could_date_from("ABC23F", first - JUST)


def test_cancelling_twice_was_silently_accepted_until_2021() -> None:
    first, cancelled = paris(2022, 1, 1), builders.booking(status=Status.CANCELLED)
    assert refuse_cancellation(cancelled, Canceller.BENEFICIARY, first - JUST) is None
    assert refuse_cancellation(cancelled, Canceller.BENEFICIARY, first) == refusals.AlreadyCancelled()


def test_a_finance_incident_cancels_what_was_reimbursed_since_2023() -> None:
    first = paris(2023, 1, 1)
    for status, trigger in (
        (Status.REIMBURSED, Trigger.FINANCE_INCIDENT),
        (Status.USED, Trigger.FINANCE_INCIDENT),
        (Status.USED, Trigger.STOCK_DELETED),
    ):
        assert next_status(status, trigger, first - JUST) is None
        assert next_status(status, trigger, first) is Status.CANCELLED


def test_a_pseudo_was_shown_until_2020() -> None:
    first = paris(2021, 1, 1)
    assert BeneficiaryFact.PSEUDO in visibility.BENEFICIARY_SHOWN.at(first - JUST)
    assert visibility.BENEFICIARY_SHOWN.at(first) == (
        BeneficiaryFact.NAME,
        BeneficiaryFact.EMAIL,
        BeneficiaryFact.PHONE,
    )


def test_newest_row_is_now() -> None:
    assert policies.CHECKS.at(NOW.replace(year=2026)) is policies.CHECKS.rows[-1].value
