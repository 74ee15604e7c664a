"""The catalogue on a database of its own, and pros who act on it through the subgraph."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from catalog.consumers.availability import AVAILABILITY_TOPIC
from catalog.consumers.booking import BOOKING_TOPIC
from catalog.consumers.structure import STRUCTURE_TOPIC
from catalog.main import SERVICE
from catalog_support.pro import SIREN, Pro
from chassis import tables
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import OpenRuntime, OpenSubgraph, SubgraphClient, principal


@pytest.fixture
async def runtime(open_runtime: OpenRuntime) -> Runtime[Any]:
    return await open_runtime(SERVICE)


@pytest.fixture
async def subgraph(open_subgraph: OpenSubgraph, runtime: Runtime[Any]) -> SubgraphClient:
    return await open_subgraph(SERVICE, runtime)


Hear = Callable[..., Awaitable[None]]


@pytest.fixture
def hear(runtime: Runtime[Any]) -> Hear:
    """`await hear(topic, message, …)`: apply messages of another context in one transaction."""
    subscriptions = {subscription.topic: subscription for subscription in SERVICE.consumed(runtime)}

    async def apply(topic: str, *messages: Mapping[str, Any]) -> None:
        subscription = subscriptions[topic]
        read = [subscription.model.model_validate(message) for message in messages]
        await runtime.database.run(lambda connection: subscription.apply(connection, read))

    return apply


@pytest.fixture
def publish_structure(hear: Hear) -> Callable[..., Awaitable[None]]:
    async def publish(structure_id: UUID, **changes: Any) -> None:
        structure = {
            "id": structure_id,
            "version": 1,
            "siren": SIREN,
            "name": "Quartz",
            "status": "validated",
        }
        await hear(STRUCTURE_TOPIC, structure | changes)

    return publish


@pytest.fixture
def publish_booked(hear: Hear) -> Callable[..., Awaitable[None]]:
    async def publish(stock_id: str, booked: int, version: int = 1) -> None:
        await hear(AVAILABILITY_TOPIC, {"id": stock_id, "version": version, "booked": booked})

    return publish


@pytest.fixture
def publish_booking(hear: Hear) -> Callable[..., Awaitable[None]]:
    async def publish(person_id: UUID, offer_id: str, venue_id: str, version: int = 1) -> None:
        booking = {"id": new_id(), "version": version, "person_id": person_id}
        await hear(BOOKING_TOPIC, booking | {"offer_id": offer_id, "venue_id": venue_id})

    return publish


@pytest.fixture
async def pro(subgraph: SubgraphClient, publish_structure: Callable[..., Awaitable[None]]) -> Pro:
    """A pro of a validated structure."""
    structure_id = new_id()
    await publish_structure(structure_id)
    return Pro(subgraph, principal("pro", structures=(structure_id,)), structure_id)


@pytest.fixture
def admin(subgraph: SubgraphClient, pro: Pro) -> Pro:
    """An admin who looks at the pro's structure."""
    return Pro(subgraph, principal("admin"), pro.structure_id)


@pytest.fixture
def stranger(subgraph: SubgraphClient, pro: Pro) -> Pro:
    """A pro of another structure who tries the first one's ids."""
    return Pro(subgraph, principal("pro", structures=(new_id(),)), pro.structure_id)


@pytest.fixture
def outbox(runtime: Runtime[Any]) -> Callable[[], Awaitable[list[tuple[str, dict[str, Any]]]]]:
    """`await outbox()`: type and payload of every event so far, in order."""

    async def read() -> list[tuple[str, dict[str, Any]]]:
        async with runtime.database.read() as connection:
            rows = await connection.execute(sa.select(tables.outbox).order_by(tables.outbox.c.id))
            return [(row.type, orjson.loads(row.payload)) for row in rows]

    return read
