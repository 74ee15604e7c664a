"""Cancelling: everything goes back, once, to whom it came from."""

from datetime import timedelta

import pytest

from booking.domain import refusals
from booking.persistence.records import BookingRecord
from booking_support.world import NOW, START, World
from chassis.ids import new_id

pytestmark = pytest.mark.servers


async def test_credit_and_places_go_back_and_everybody_hears_of_it(world: World) -> None:
    person, stock = await world.person(), await world.event_stock()
    record = await world.booked(person, stock, quantity=2)
    cancelled = await world.cancel(record)
    assert isinstance(cancelled, BookingRecord)
    assert (cancelled.status, cancelled.cancellation_reason) == ("CANCELLED", "BENEFICIARY")
    assert (cancelled.version, cancelled.cancelled_at) == (2, NOW)
    assert await world.left(stock) == (100, 0)
    assert await world.spent(person) == (0, 0)
    assert [kind for kind, _ in await world.mails()][2:] == ["cancelled", "cancelled_pro"]
    event = (await world.events("booking.booking.v1"))[-1]
    assert (event["type"], event["version"], event["status"]) == ("booking.cancelled", 2, "CANCELLED")
    left = (await world.events("booking.availability.v1"))[-1]
    assert (left["version"], left["remaining"]) == (3, 100)


async def test_the_digital_part_goes_back_too(world: World) -> None:
    person = await world.person()
    record = await world.booked(person, await world.thing_stock("VOD", url="x.fr", price_cents=100_00))
    assert await world.spent(person) == (100_00, 100_00)
    await world.cancel(record)
    assert await world.spent(person) == (0, 0)


async def test_the_offer_may_be_booked_again(world: World) -> None:
    person, stock = await world.person(), await world.event_stock()
    await world.cancel(await world.booked(person, stock))
    assert (await world.booked(person, stock)).status == "CONFIRMED"


async def test_a_free_booking_is_cancelled_too(world: World) -> None:
    person, stock = await world.person(amount_cents=None), await world.event_stock(price_cents=0)
    await world.grant(person, 300_00, expires_at="2026-11-01T00:00:00Z")
    record = await world.booked(person, stock)
    assert record.wallet_id is None
    assert isinstance(await world.cancel(record), BookingRecord)
    assert await world.left(stock) == (100, 0)


async def test_who_may_not_and_when(world: World) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    limit = NOW + timedelta(hours=48)
    assert await world.cancel(record, by=new_id()) == refusals.BookingNotFound()
    assert await world.cancel(record, id=new_id()) == refusals.BookingNotFound()
    assert await world.cancel(record, now=limit) == refusals.FirmBooking(limit, "Europe/Paris")
    assert isinstance(await world.cancel(record, now=limit - timedelta(seconds=1)), BookingRecord)
    assert await world.cancel(record) == refusals.AlreadyCancelled()


async def test_a_shrunk_stock_gives_no_place_back_above_what_is_offered(world: World) -> None:
    offer = await world.offer()
    stock = await world.stock(offer, quantity=10)
    first = await world.booked(await world.person(), stock, quantity=2)
    await world.booked(await world.person(), stock, quantity=2)
    await world.stock(offer, id=stock, quantity=3)
    assert await world.left(stock) == (4, 4)
    await world.cancel(first)
    assert await world.left(stock) == (3, 2)
    assert START > NOW
