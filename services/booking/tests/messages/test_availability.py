"""What the booking statement publishes of a stock is what Python would."""

import orjson
import pytest

from booking.messages import availability
from booking.persistence import stocks
from booking_support.world import World

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("quantity", [100, None])
async def test_the_event_built_by_sql_equals_the_one_built_here(world: World, quantity: int | None) -> None:
    stock = await world.event_stock(quantity=quantity)
    await world.booked(await world.person(), stock, quantity=2)
    async with world.runtime.database.read() as connection:
        event = availability.event(await stocks.availability(connection, stock))
    by_sql = await world.one(
        "SELECT topic, key, type, payload FROM outbox WHERE topic = :topic ORDER BY id DESC LIMIT 1",
        topic=availability.TOPIC,
    )
    assert (by_sql.topic, by_sql.key, by_sql.type) == (event.topic, event.key, event.type)
    assert orjson.loads(by_sql.payload) == orjson.loads(event.payload())
