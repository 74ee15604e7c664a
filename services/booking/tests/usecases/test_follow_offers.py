"""An offer is rejected: what was booked of it is taken back, but for what is final."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain import refusals
from booking.persistence import book_statement, bookings
from booking.persistence.records import BookingRecord, OfferCopy
from booking.usecases.follow_offers import follow_offers
from booking_support.world import LONG_AGO, NOW, World

pytestmark = pytest.mark.servers


async def status(world: World, record: BookingRecord) -> str:
    found: str = (await world.one("SELECT status FROM bookings WHERE id = :id", id=record.id)).status
    return found


async def used_event(world: World, at: datetime) -> tuple[BookingRecord, object]:
    offer = await world.offer()
    start = (at - timedelta(hours=1)).isoformat()
    stock = await world.stock(offer, starts_at=start, booking_limit_at=start)
    record = await world.booked(await world.person(), stock, now=at - timedelta(days=3))
    used = await world.validate(record.token, now=at)
    assert isinstance(used, BookingRecord), used
    return used, offer


async def test_R05_waiting_bookings_and_used_ones_of_events_are_cancelled(world: World) -> None:
    used, offer = await used_event(world, NOW)
    await world.offer(id=offer, validation="REJECTED")
    assert await status(world, used) == "CANCELLED"
    assert await world.spent(used.person_id) == (0, 0)
    kind = (await world.one("SELECT kind FROM outgoing_mails ORDER BY id DESC LIMIT 1")).kind
    assert kind == "cancelled_pro"

    book = await world.offer("LIVRE_PAPIER", is_duo=False)
    thing = {"starts_at": None, "booking_limit_at": None}
    waiting = await world.booked(await world.person(), await world.stock(book, **thing))
    handed_over = await world.booked(await world.person(), waiting.stock_id)
    await world.validate(handed_over.token, now=NOW)
    await world.offer("LIVRE_PAPIER", id=book, is_duo=False, validation="REJECTED")
    assert (await status(world, waiting), await status(world, handed_over)) == ("CANCELLED", "USED")


async def test_what_its_fortnight_has_made_final_stays(world: World) -> None:
    used, offer = await used_event(world, datetime.fromisoformat("2026-11-12T20:00:00Z"))
    await world.offer(id=offer, validation="REJECTED")
    assert await status(world, used) == "USED"


async def test_rejected_again_or_in_an_older_version_it_changes_nothing_more(world: World) -> None:
    offer = await world.offer()
    await world.offer(id=offer, validation="REJECTED")
    await world.offer(id=offer)
    stock = await world.stock(offer)
    record = await world.booked(await world.person(), stock)
    await world.offer(id=offer, validation="REJECTED", version=1)
    await world.offer(id=offer, is_active=False)
    assert await status(world, record) == "CONFIRMED"


# -- booked at the instant of the rejection ------------------------------------------------------------


def rejected(world: World, offer: UUID) -> OfferCopy:
    facts = (world.venue_id, "CONCERT", "Concert de Miossec", True, None, "REJECTED", True, LONG_AGO)
    return OfferCopy(offer, 900, *facts, isbn=None, number=None)


def reject_while_writing(
    world: World, monkeypatch: pytest.MonkeyPatch, offer: UUID
) -> list[book_statement.Asked]:
    """The offer is rejected after a booking was decided, just before it is written; what was asked to be."""
    write, tries = book_statement.write, []

    async def write_after_the_rejection(connection: AsyncConnection, asked: book_statement.Asked) -> bool:
        tries.append(asked)
        if len(tries) == 1:
            await world.offer(id=offer, validation="REJECTED")
        return await write(connection, asked)

    monkeypatch.setattr(book_statement, "write", write_after_the_rejection)
    return tries


@pytest.mark.parametrize("price_cents", [10_00, 0])
async def test_R05_a_booking_decided_before_the_rejection_is_not_written_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, price_cents: int
) -> None:
    offer, person = await world.offer(), await world.person()
    stock = await world.stock(offer, price_cents=price_cents)
    tries = reject_while_writing(world, monkeypatch, offer)
    assert await world.book(person, stock) == refusals.StockNotBookable()
    assert len(tries) == 1
    assert (await world.spent(person), await world.left(stock)) == ((0, 0), (100, 0))


async def test_R05_without_that_guard_it_escapes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = book_statement.STOCK_GUARD.replace("AND offer_rejections = :offer_rejections", "")
    unguarded = book_statement.write_statement(stock_guard=guard)
    monkeypatch.setattr(book_statement, "PAY_AND_BOOK", unguarded)
    offer = await world.offer()
    stock, person = await world.stock(offer), await world.person()
    reject_while_writing(world, monkeypatch, offer)
    assert await status(world, await world.booked(person, stock)) == "CONFIRMED"


async def test_R05_a_booking_that_waits_for_the_rejection_is_decided_anew(world: World) -> None:
    """It began before the rejection was committed and cannot see it, but on the row that it waits for."""
    offer = await world.offer()
    stock, person = await world.stock(offer), await world.person()
    async with world.runtime.database.engine.begin() as rejecting:
        await follow_offers(rejecting, world.runtime.sealer, [rejected(world, offer)], NOW)
        waiting = asyncio.create_task(world.book(person, stock))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert await waiting == refusals.StockNotBookable()
    assert await world.spent(person) == (0, 0)


async def test_R05_who_books_between_the_listing_and_the_rejection_is_taken_back_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = await world.offer()
    stock, first, second = await world.stock(offer), await world.person(), await world.person()
    await world.booked(first, stock)
    lock, late = bookings.lock_with_credit, []

    async def lock_then_somebody_books(
        connection: AsyncConnection, owners: dict[UUID, UUID]
    ) -> list[BookingRecord]:
        held = await lock(connection, owners)
        if not late:
            late.append(await world.booked(second, stock))
        return held

    monkeypatch.setattr(bookings, "lock_with_credit", lock_then_somebody_books)
    await world.offer(id=offer, validation="REJECTED")
    assert (await world.spent(first), await world.spent(second)) == ((0, 0), (0, 0))
    assert await world.left(stock) == (100, 0)


async def test_R05_a_crowd_books_while_the_offer_is_rejected_and_nothing_stays_booked(world: World) -> None:
    offer = await world.offer()
    stocks = [await world.stock(offer), await world.stock(offer)]
    crowd = await world.crowd(30)

    booking = [
        asyncio.create_task(world.book(person, stocks[number % 2])) for number, person in enumerate(crowd)
    ]
    await asyncio.wait(booking, return_when=asyncio.FIRST_COMPLETED)
    await world.offer(id=offer, validation="REJECTED")
    outcomes = await asyncio.gather(*booking)
    made = [one for one in outcomes if isinstance(one, BookingRecord)]
    assert made
    active = await world.one(
        "SELECT count(*) AS left FROM bookings WHERE offer_id = :id AND status <> 'CANCELLED'", id=offer
    )
    assert (active.left, [await world.left(stock) for stock in stocks]) == (0, [(100, 0), (100, 0)])


async def test_R05_a_stock_that_is_new_waits_for_the_rejection_of_its_offer(world: World) -> None:
    """Else it could be booked, by who still sees the offer approved, after the bookings were listed."""
    offer, person = await world.offer(), await world.person()
    async with world.runtime.database.engine.begin() as rejecting:
        await follow_offers(rejecting, world.runtime.sealer, [rejected(world, offer)], NOW)
        new = asyncio.create_task(world.stock(offer))
        await asyncio.sleep(0.3)
        assert not new.done()
    assert await world.book(person, await new) == refusals.StockNotBookable()


async def test_approved_again_it_can_be_booked(world: World) -> None:
    offer = await world.offer()
    stock = await world.stock(offer)
    await world.offer(id=offer, validation="REJECTED")
    await world.offer(id=offer)
    assert (await world.booked(await world.person(), stock)).status == "CONFIRMED"
