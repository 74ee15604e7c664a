"""10 000 bookings on 100 seats sell exactly 100, because of the guards and not by chance."""

from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from booking_support.world import World

pytestmark = pytest.mark.servers

SEATS = 100
Race = Callable[..., Awaitable[Counter[str]]]
Check = Callable[[], Awaitable[None]]


async def rush(world: World, people: int) -> tuple[UUID, list[tuple[UUID, UUID]]]:
    """One stock and a crowd that wants it."""
    stock = await world.event_stock(quantity=SEATS)
    return stock, [(person, stock) for person in await world.crowd(people)]


async def test_ten_thousand_on_a_hundred_seats(world: World, race: Race, balanced: Check) -> None:
    stock, bookings = await rush(world, 10_000)
    assert await race(bookings) == {"booked": SEATS, "SOLD_OUT": 10_000 - SEATS}
    assert await world.left(stock) == (SEATS, SEATS)
    await balanced()
    told = await world.events("booking.availability.v1")
    assert [event["version"] for event in told] == list(range(1, SEATS + 2))
    assert [event["remaining"] for event in told] == list(range(SEATS, -1, -1))


async def test_without_the_guard_the_check_still_holds(world: World, race: Race) -> None:
    stock, bookings = await rush(world, 1_000)
    outcomes = await race(bookings, without="stock")
    assert outcomes["booked"] == SEATS
    assert outcomes["error: 23514"] > 0
    assert await world.left(stock) == (SEATS, SEATS)


async def test_without_guard_and_check_the_race_is_lost(world: World, race: Race) -> None:
    stock, bookings = await rush(world, 1_000)
    async with world.runtime.database.engine.begin() as connection:
        await connection.execute(sa.text("ALTER TABLE stocks DROP CONSTRAINT stocks_not_oversold"))
    outcomes = await race(bookings, without="stock")
    assert outcomes["booked"] > SEATS
    assert (await world.left(stock))[1] == outcomes["booked"]
