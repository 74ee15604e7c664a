"""Booking: what is written together, who is refused, and what a key sent twice does."""

from datetime import timedelta

import pytest

from booking.domain import refusals
from booking.domain.contremarque import read
from booking.persistence.records import BookingRecord
from booking_support.world import NOW, START, World
from chassis.idempotency import IdempotencyConflict
from chassis.ids import new_id

pytestmark = pytest.mark.servers


async def test_a_booking_writes_everything_it_implies(world: World) -> None:
    person, stock = await world.person(), await world.event_stock()
    record = await world.booked(person, stock, quantity=2)
    assert (record.status, record.total_cents, record.deposit_kind) == ("CONFIRMED", 20_00, "GRANT_18_V2")
    assert record.cancellation_limit_at == NOW + timedelta(hours=48)
    assert read(record.token) == record.token
    assert await world.left(stock) == (100, 2)
    assert await world.spent(person) == (20_00, 0)
    assert await world.mails() == [("booked", str(record.id)), ("booked_pro", str(record.id))]

    (event,) = await world.events("booking.booking.v1")
    assert event["sealed"] == {"token": record.token, "first_name": "Léa", "last_name": "Martin"}
    assert (event["id"], event["version"], event["type"]) == (str(record.id), 1, "booking.booked")
    assert (event["total_cents"], event["starts_at"]) == (20_00, "2026-12-20T20:00:00Z")
    *_, left = await world.events("booking.availability.v1")
    assert (left["quantity"], left["booked"], left["remaining"]) == (100, 2, 98)
    assert (left["id"], left["version"], left["type"]) == (str(stock), 2, "availability.changed")


async def test_a_digital_booking_counts_in_the_digital_cap(world: World) -> None:
    person = await world.person()
    stock = await world.thing_stock("VOD", url="vod.example/{token}", price_cents=60_00)
    other = await world.thing_stock("VOD", url="vod.example", price_cents=60_00)
    await world.booked(person, stock)
    assert await world.spent(person) == (60_00, 60_00)
    assert await world.book(person, other) == refusals.DigitalCapReached(100_00, 40_00)


async def test_an_unlimited_stock_is_never_sold_out(world: World) -> None:
    stock = await world.thing_stock(quantity=None)
    await world.booked(await world.person(), stock)
    assert await world.left(stock) == (None, 1)
    *_, left = await world.events("booking.availability.v1")
    assert (left["quantity"], left["booked"], left["remaining"]) == (None, 1, None)


async def test_a_free_booking_takes_from_nobody(world: World) -> None:
    person = await world.person()
    stock = await world.event_stock(price_cents=0)
    record = await world.booked(person, stock)
    assert record.wallet_id is not None
    assert await world.spent(person) == (0, 0)
    assert await world.left(stock) == (100, 1)


async def test_an_expired_credit_books_for_free_without_a_deposit(world: World) -> None:
    person = await world.person(amount_cents=None)
    await world.grant(person, 300_00, expires_at="2026-11-22T10:00:00Z")
    record = await world.booked(person, await world.event_stock(price_cents=0))
    assert (record.wallet_id, record.deposit_kind) == (None, None)
    refusal = await world.book(person, await world.event_stock(price_cents=1))
    assert refusal == refusals.InsufficientCredit(missing_cents=1, remaining_cents=0)


async def test_the_newest_active_grant_pays(world: World) -> None:
    person = await world.person(amount_cents=None)
    await world.grant(person, 80_00, kind="GRANT_15_17", expires_at="2026-05-01T00:00:00Z")
    new = await world.grant(person, 150_00, kind="GRANT_17_18", granted_at="2026-06-01T00:00:00Z")
    record = await world.booked(person, await world.event_stock())
    assert (record.wallet_id, record.deposit_kind) == (new, "GRANT_17_18")


async def test_a_card_of_a_museum_for_free_is_used_at_once(world: World) -> None:
    record = await world.booked(await world.person(), await world.thing_stock("CARTE_MUSEE", price_cents=0))
    assert (record.status, record.used_at) == ("USED", NOW)


async def test_who_is_refused(world: World) -> None:
    person, stock = await world.person(), await world.event_stock(quantity=1)
    assert await world.book(person, new_id()) == refusals.StockNotFound()
    assert await world.book(person, stock, 3) == refusals.WrongQuantity(3, 2)
    assert await world.book(person, stock, 2) == refusals.SoldOut(1)
    assert await world.book(person, stock, now=START) == refusals.BookingClosed(START, "Europe/Paris")
    nobody = await world.person(amount_cents=None, roles=[])
    assert await world.book(nobody, stock) == refusals.InsufficientCredit(10_00, 0)
    assert (
        await world.book(new_id(), await world.event_stock(price_cents=0)) == refusals.CannotBookFreeOffers()
    )
    suspended = await world.person(is_active=False)
    assert await world.book(suspended, stock) == refusals.AccountSuspended()
    await world.booked(person, stock)
    assert await world.book(person, stock) == refusals.AlreadyBooked()
    assert await world.book(await world.person(), stock) == refusals.SoldOut(0)
    assert await world.left(stock) == (1, 1)


async def test_nobody_books_from_the_structure_they_act_for(world: World) -> None:
    person, stock = await world.person(), await world.event_stock()
    refused = await world.book(person, stock, structure_ids={world.structure_id})
    assert refused == refusals.OwnStructureOffer()
    assert isinstance(await world.book(person, stock, structure_ids={new_id()}), BookingRecord)


async def test_a_minor_is_who_waits_for_the_18_year_part_whatever_the_birth_date(world: World) -> None:
    game, concert = await world.thing_stock("JEU_EN_LIGNE"), await world.event_stock(price_cents=0)
    waiting = await world.person(birth_date="2008-05-01", roles=["underage_beneficiary"])
    assert await world.book(waiting, game) == refusals.OfferNotForMinors()
    await world.booked(waiting, concert)
    await world.person(id=waiting, amount_cents=None, roles=["beneficiary"])
    await world.booked(waiting, game)


async def test_an_underage_beneficiary_whose_credit_is_not_known_yet_is_refused_for_want_of_it(
    world: World,
) -> None:
    early = await world.person(amount_cents=None, roles=["underage_beneficiary"])
    free = await world.event_stock(price_cents=0)
    assert await world.book(early, free) == refusals.InsufficientCredit(0, 0)


async def test_nothing_of_an_unvalidated_structure_can_be_booked(world: World) -> None:
    stock = await world.event_stock()
    await world.venue(structure_status="pending")
    assert await world.book(await world.person(), stock) == refusals.StockNotBookable()


async def test_an_offer_whose_venue_is_unknown_here_does_not_exist_yet(world: World) -> None:
    stock = await world.stock(await world.offer(venue_id=new_id()))
    assert await world.book(await world.person(), stock) == refusals.StockNotFound()


async def test_the_same_key_gives_the_same_booking(world: World) -> None:
    person, stock, key = await world.person(), await world.event_stock(), new_id()
    first = await world.booked(person, stock, key=key)
    assert await world.booked(person, stock, key=key) == first
    assert await world.left(stock) == (100, 1)
    with pytest.raises(IdempotencyConflict):
        await world.book(person, stock, 2, key=key)
    with pytest.raises(IdempotencyConflict):
        await world.book(person, await world.event_stock(), key=key)


async def test_a_refusal_is_not_remembered(world: World) -> None:
    person, stock, key = await world.person(), await world.event_stock(quantity=0), new_id()
    assert await world.book(person, stock, key=key) == refusals.SoldOut(0)
    offer = (await world.one("SELECT offer_id FROM stocks WHERE id = :id", id=stock)).offer_id
    await world.stock(offer, id=stock, quantity=5)
    assert (await world.booked(person, stock, key=key)).status == "CONFIRMED"


async def test_a_contremarque_that_is_taken_is_written_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["ABC23F", "ABC23F", "XYZ765"])
    monkeypatch.setattr("booking.domain.contremarque.write", lambda: next(codes))
    stock = await world.event_stock()
    first = await world.booked(await world.person(), stock)
    second = await world.booked(await world.person(), stock)
    assert (first.token, second.token) == ("ABC23F", "XYZ765")
    assert await world.left(stock) == (100, 2)
