"""A credit is replaced while its owner books with all fingers: to the cent, nothing is lost or paid twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from booking.persistence.records import BookingRecord
from booking_support.world import World
from chassis.ids import new_id

pytestmark = pytest.mark.servers

Race = Callable[..., Awaitable[Counter[str]]]
Check = Callable[[], Awaitable[None]]

OLD, NEW, PRICE = 80_00, 150_00, 1_00


async def test_bookings_race_the_grant_that_ends_the_credit_they_spend(
    world: World, race: Race, balanced: Check
) -> None:
    person, old, new = await world.person(amount_cents=None), new_id(), new_id()
    of_old = {"id": old, "kind": "GRANT_15_17", "digital_cap_cents": None}
    await world.grant(person, OLD, **of_old)
    stocks = await world.fair(300, like=await world.event_stock(price_cents=PRICE))

    async def replace() -> None:
        for _ in range(4_000):
            if (await world.spent(person))[0] >= 10 * PRICE:
                break
            await asyncio.sleep(0.005)
        replaced_at = "2026-11-22T09:00:00Z"
        await world.grant(
            person, NEW, id=new, kind="GRANT_17_18", granted_at=replaced_at, replaces_grant_id=old
        )
        await world.grant(person, OLD, **of_old, expires_at=replaced_at)

    outcomes, _ = await asyncio.gather(race([(person, stock) for stock in stocks]), replace())
    assert set(outcomes) <= {"booked", "INSUFFICIENT_CREDIT"}
    await balanced()
    row = await world.one(
        "SELECT o.amount_cents AS old, o.spent_cents AS by_old, n.amount_cents AS new, n.spent_cents AS by_new"
        " FROM wallets o, wallets n WHERE o.id = :old AND n.id = :new",
        old=old,
        new=new,
    )
    assert row.old == row.by_old >= 10 * PRICE
    assert row.old + row.new == OLD + NEW
    assert row.by_old + row.by_new == outcomes["booked"] * PRICE

    left = OLD + NEW - outcomes["booked"] * PRICE
    rest = await world.event_stock(price_cents=left)
    assert isinstance(await world.book(person, rest), BookingRecord)
    refusal = await world.book(person, await world.event_stock(price_cents=1))
    assert not isinstance(refusal, BookingRecord)
    assert refusal.code == "INSUFFICIENT_CREDIT"
