"""An account is suspended: the reason says which bookings are taken back (domain.md §2.1)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from booking.domain import refusals
from booking.persistence.records import BookingRecord
from booking_support.world import NOW, World
from chassis.ids import new_id

pytestmark = pytest.mark.servers


async def booked_things(world: World) -> tuple[UUID, BookingRecord, BookingRecord, BookingRecord]:
    """Somebody with a booking that is loose, one that is firm, and one that was used."""
    person = await world.person()
    loose = await world.booked(person, await world.event_stock(), now=NOW)
    book = await world.offer("LIVRE_PAPIER", is_duo=False)
    thing = {"starts_at": None, "booking_limit_at": None}
    used = await world.booked(person, await world.stock(book, **thing), now=NOW)
    await world.validate(used.token, now=NOW)
    start = (NOW + timedelta(hours=30)).isoformat()
    near = await world.stock(await world.offer(), starts_at=start, booking_limit_at=start)
    firm = await world.booked(person, near, now=NOW - timedelta(days=1))
    return person, loose, firm, used


async def states(world: World, *records: BookingRecord) -> list[tuple[str, str | None]]:
    query = "SELECT status, cancellation_reason FROM bookings WHERE id = :id"
    rows = [await world.one(query, id=record.id) for record in records]
    return [(row.status, row.cancellation_reason) for row in rows]


async def suspend(world: World, person: UUID, reason: str | None, **more: Any) -> None:
    state = {"is_active": False, "suspension_reason": reason, **more}
    await world.person(id=person, amount_cents=None, **state)


FRAUDS = (
    *("fraud", "fraud_booking_cancel", "fraud_creation_pro", "fraud_duplicate", "fraud_fake_document"),
    *("fraud_hack", "fraud_resell_pass", "fraud_resell_product", "fraud_suspicion", "fraud_usurpation"),
    "fraud_usurpation_pro",
)


@pytest.mark.parametrize("reason", FRAUDS)
async def test_fraud_cancels_all_that_was_not_used(world: World, reason: str) -> None:
    person, loose, firm, used = await booked_things(world)
    await suspend(world, person, reason)
    assert await states(world, loose, firm, used) == [
        ("CANCELLED", "FRAUD"),
        ("CANCELLED", "FRAUD"),
        ("USED", None),
    ]


async def test_at_their_own_wish_what_they_could_cancel_themselves_is(world: World) -> None:
    person, loose, firm, used = await booked_things(world)
    await suspend(world, person, "upon_user_request")
    assert await states(world, loose, firm, used) == [
        ("CANCELLED", "BENEFICIARY"),
        ("CONFIRMED", None),
        ("USED", None),
    ]


@pytest.mark.parametrize(
    "reason",
    ["end_of_contract", "suspicious_login_reported_by_user", "deleted", None, "a reason of tomorrow"],
)
async def test_other_reasons_take_nothing_back(world: World, reason: str | None) -> None:
    person, *records = await booked_things(world)
    before = await states(world, *records)
    await suspend(world, person, reason)
    assert await states(world, *records) == before


async def test_heard_again_or_late_it_changes_nothing_more(world: World) -> None:
    person, loose, *_ = await booked_things(world)
    await suspend(world, person, "fraud", version=1_003)
    mails = (await world.one("SELECT count(*) AS n FROM outgoing_mails")).n
    await suspend(world, person, "fraud", version=1_003)
    await world.person(id=person, amount_cents=None, version=1_002)
    assert (await world.one("SELECT count(*) AS n FROM outgoing_mails")).n == mails
    assert await states(world, loose) == [("CANCELLED", "FRAUD")]
    assert (await world.one("SELECT is_active FROM persons WHERE id = :id", id=person)).is_active is False


async def test_suspended_they_book_nothing_and_given_back_they_book_again(world: World) -> None:
    person = await world.person()
    await suspend(world, person, "fraud")
    stock = await world.event_stock()
    assert await world.book(person, stock) == refusals.AccountSuspended()
    await world.person(id=person, amount_cents=None)
    assert isinstance(await world.book(person, stock), BookingRecord)


async def test_others_are_left_alone(world: World) -> None:
    person, *_ = await booked_things(world)
    _, *others = await booked_things(world)
    before = await states(world, *others)
    await suspend(world, person, "fraud")
    await suspend(world, new_id(), "fraud")
    assert await states(world, *others) == before


async def test_of_whoever_is_anonymous_the_copy_holds_nothing_personal(world: World) -> None:
    person, loose, *_ = await booked_things(world)
    nothing = dict.fromkeys(("email", "first_name", "last_name", "birth_date", "phone"))
    sealed = world.runtime.sealer.seal(nothing, ("identity.person.v1", person))
    await suspend(world, person, "deleted", sealed=sealed)
    kept = await world.one(
        "SELECT num_nonnulls(email, first_name, last_name, birth_date, phone) AS personal, is_active"
        " FROM persons WHERE id = :id",
        id=person,
    )
    assert (kept.personal, kept.is_active) == (0, False)
    assert await states(world, loose) == [("CONFIRMED", None)]
