"""Statements sent to the driver itself survive what happens to pooled connections."""

import asyncio

import pytest
import sqlalchemy as sa

from booking.persistence.records import BookingRecord
from booking_support.world import World

pytestmark = pytest.mark.servers


async def test_a_server_that_went_away_and_came_back_costs_no_request(world: World) -> None:
    stock = await world.event_stock()
    people = await world.crowd(10)
    await asyncio.gather(*(world.book(person, stock) for person in people[:5]))
    async with world.runtime.database.read() as connection:
        await connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await asyncio.sleep(0.2)
    done = await asyncio.gather(*(world.book(person, stock) for person in people[5:]))
    assert all(isinstance(record, BookingRecord) for record in done)
    assert await world.left(stock) == (100, 10)
