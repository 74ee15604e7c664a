"""500 bookings at once by one person never overdraw the credit, nor its digital cap."""

from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from booking_support.world import World
from chassis.db import constraint

pytestmark = pytest.mark.servers

Race = Callable[..., Awaitable[Counter[str]]]
Check = Callable[[], Awaitable[None]]

CREDIT, CAP, PRICE = 300_00, 100_00, 10_00


async def spree(world: World, events: int, films: int) -> tuple[UUID, list[tuple[UUID, UUID]]]:
    """One person and many different offers at 10 €, those of films in the digital cap."""
    person = await world.person(amount_cents=CREDIT)
    stocks = await world.fair(events, like=await world.event_stock())
    stocks += await world.fair(films, like=await world.thing_stock("VOD", url="vod.example"))
    return person, [(person, stock) for stock in stocks[::2] + stocks[1::2]]


async def test_five_hundred_at_once_spend_no_cent_too_much(world: World, race: Race, balanced: Check) -> None:
    person, bookings = await spree(world, events=300, films=200)
    outcomes = await race(bookings)
    spent, digital = await world.spent(person)
    assert outcomes["booked"] == CREDIT // PRICE
    assert spent == CREDIT
    assert digital <= CAP
    assert set(outcomes) <= {"booked", "INSUFFICIENT_CREDIT", "DIGITAL_CAP_REACHED"}
    await balanced()


async def test_only_films_stop_at_the_cap(world: World, race: Race, balanced: Check) -> None:
    person, bookings = await spree(world, events=0, films=100)
    assert await race(bookings) == {"booked": CAP // PRICE, "DIGITAL_CAP_REACHED": 100 - CAP // PRICE}
    assert await world.spent(person) == (CAP, CAP)
    await balanced()


async def test_the_check_fires_on_raw_sql(world: World) -> None:
    person = await world.person(amount_cents=CREDIT)
    with pytest.raises(IntegrityError) as caught:
        async with world.runtime.database.engine.begin() as connection:
            await connection.execute(
                sa.text("UPDATE wallets SET spent_cents = amount_cents + 1 WHERE person_id = :id"),
                {"id": person},
            )
    assert constraint(caught.value) == "wallets_not_overdrawn"


async def test_without_guard_and_check_the_credit_is_overdrawn(world: World, race: Race) -> None:
    person, bookings = await spree(world, events=200, films=0)
    async with world.runtime.database.engine.begin() as connection:
        await connection.execute(sa.text("ALTER TABLE wallets DROP CONSTRAINT wallets_not_overdrawn"))
    outcomes = await race(bookings, without="wallet")
    assert outcomes["booked"] > CREDIT // PRICE
    assert (await world.spent(person))[0] > CREDIT
