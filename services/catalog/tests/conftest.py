"""The catalogue on a database of its own, and pros who act on it through the subgraph."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from catalog.events.consumed import AVAILABILITY_TOPIC, STRUCTURE_TOPIC
from catalog.main import SERVICE
from chassis import tables
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import TODAY, OpenRuntime, OpenSubgraph, SubgraphClient, principal

SIREN = "732829320"
SIRETS = ("73282932000074", "73282932000009", "73282932000017")
ACCESSIBILITY = {"audio": False, "mental": False, "motor": True, "visual": False}
NO_TICKET = {"type": "NO_TICKET", "bookingContact": "billets@quartz.example"}

CREATE_VENUE = """
mutation ($input: CreateVenueInput!, $key: UUID!) {
  result: createVenue(input: $input, idempotencyKey: $key) {
    __typename
    ... on VenueCreated { venue { id name siret city departmentCode timezone latitude longitude bookingEmail } }
    ... on Refusal { code message }
  }
}
"""
CREATE_OFFER = """
mutation ($input: CreateOfferInput!, $key: UUID!) {
  result: createOffer(input: $input, idempotencyKey: $key) {
    __typename
    ... on OfferCreated {
      offer { id name status validation isDuo isbn productKey artist url venue { id } extraFields { name value } }
    }
    ... on Refusal { code message }
  }
}
"""
ADD_STOCKS = """
mutation ($input: AddStocksInput!, $key: UUID!) {
  result: addStocks(input: $input, idempotencyKey: $key) {
    __typename
    ... on StocksAdded { stocks { id priceLabel priceCents quantity startsAt bookingLimitAt } }
    ... on Refusal { code message }
  }
}
"""
ADD_THING_STOCK = """
mutation ($input: AddThingStockInput!, $key: UUID!) {
  result: addThingStock(input: $input, idempotencyKey: $key) {
    __typename
    ... on ThingStockAdded { stock { id priceCents quantity priceLabel startsAt } }
    ... on Refusal { code message }
  }
}
"""
UPDATE_STOCK = """
mutation ($input: UpdateStockInput!, $key: UUID!) {
  result: updateStock(input: $input, idempotencyKey: $key) {
    __typename
    ... on StockUpdated {
      stock { priceCents quantity startsAt bookingLimitAt booked bookableFacts { condition holds } }
    }
    ... on Refusal { code message }
  }
}
"""
DELETE_STOCK = """
mutation ($id: ID!, $key: UUID!) {
  result: deleteStock(stockId: $id, idempotencyKey: $key) {
    __typename
    ... on StockDeleted { stockId }
    ... on Refusal { code message }
  }
}
"""
PUBLISH = """
mutation ($id: ID!, $key: UUID!, $publishAt: DateTime) {
  result: publishOffer(offerId: $id, idempotencyKey: $key, publishAt: $publishAt) {
    __typename
    ... on OfferPublished { offer { id status publishedAt validation } }
    ... on Refusal { code message }
  }
}
"""
UNPUBLISH = """
mutation ($id: ID!, $key: UUID!) {
  result: unpublishOffer(offerId: $id, idempotencyKey: $key) {
    __typename
    ... on OfferUnpublished { offer { status publishedAt } }
    ... on Refusal { code message }
  }
}
"""


@dataclass(slots=True)
class Pro:
    """Somebody who acts for one structure, or an admin."""

    client: SubgraphClient
    who: Principal
    structure_id: UUID

    async def do(
        self, mutation: str, *, key: UUID | None = None, at: Any = None, **variables: Any
    ) -> dict[str, Any]:
        """The mutation's `result`."""
        sent = {**variables, "key": str(key or new_id())}
        return (await self.client.data(mutation, sent, by=self.who, at=at))["result"]

    async def create_venue(self, **changes: Any) -> dict[str, Any]:
        wanted = {
            "structureId": str(self.structure_id),
            "siret": SIRETS[0],
            "name": "Le Quartz",
            "postalCode": "29200",
            "city": "Brest",
            "bookingEmail": "reservations@quartz.example",
        }
        return await self.do(CREATE_VENUE, input=wanted | changes)

    async def create_offer(self, **changes: Any) -> dict[str, Any]:
        wanted = {
            "subcategoryId": "CONCERT",
            "name": "Nuit électro",
            "accessibility": ACCESSIBILITY,
            "withdrawal": NO_TICKET,
            "isDuo": True,
        }
        return await self.do(CREATE_OFFER, input=wanted | changes)

    async def a_venue(self, **changes: Any) -> str:
        result = await self.create_venue(**changes)
        assert result["__typename"] == "VenueCreated", result
        return result["venue"]["id"]

    async def an_offer(self, **changes: Any) -> str:
        venue_id = changes.pop("venueId", None) or await self.a_venue()
        result = await self.create_offer(venueId=venue_id, **changes)
        assert result["__typename"] == "OfferCreated", result
        return result["offer"]["id"]

    async def add_stocks(self, wanted: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        return await self.do(ADD_STOCKS, input=dict(wanted), **more)

    async def add_thing_stock(self, **wanted: Any) -> dict[str, Any]:
        return await self.do(ADD_THING_STOCK, input=wanted)

    async def update_stock(
        self, stock_id: str, *, at: datetime | None = None, **changes: Any
    ) -> dict[str, Any]:
        return await self.do(UPDATE_STOCK, input={"stockId": stock_id} | changes, at=at)

    async def delete_stock(self, stock_id: str, *, at: datetime | None = None) -> dict[str, Any]:
        return await self.do(DELETE_STOCK, id=stock_id, at=at)

    async def publish(
        self, offer_id: str, *, publish_at: datetime | None = None, at: datetime | None = None
    ) -> dict[str, Any]:
        return await self.do(PUBLISH, id=offer_id, publishAt=publish_at and publish_at.isoformat(), at=at)

    async def unpublish(self, offer_id: str) -> dict[str, Any]:
        return await self.do(UNPUBLISH, id=offer_id)

    async def a_stock(self, offer_id: str) -> dict[str, Any]:
        """One date in ten days at 20 €, 100 places."""
        date = {"startsAt": in_days(10), "bookingLimitAt": in_days(9), "quantity": 100}
        tariff = {"label": "Plein tarif", "priceCents": 2000}
        result = await self.add_stocks({"offerId": offer_id, "priceCategories": [tariff], "dates": [date]})
        assert result["__typename"] == "StocksAdded", result
        return result["stocks"][0]

    async def a_published_offer(self, **changes: Any) -> tuple[str, str]:
        """The ids of a published concert and of its only stock."""
        offer_id = await self.an_offer(**changes)
        stock = await self.a_stock(offer_id)
        result = await self.publish(offer_id)
        assert result["__typename"] == "OfferPublished", result
        return offer_id, stock["id"]


def in_days(days: float) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


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
def tell_structure(hear: Hear) -> Callable[..., Awaitable[None]]:
    async def tell(structure_id: UUID, **changes: Any) -> None:
        told = {"id": structure_id, "version": 1, "siren": SIREN, "name": "Quartz", "status": "validated"}
        await hear(STRUCTURE_TOPIC, told | changes)

    return tell


@pytest.fixture
def tell_booked(hear: Hear) -> Callable[..., Awaitable[None]]:
    async def tell(stock_id: str, booked: int, version: int = 1) -> None:
        await hear(AVAILABILITY_TOPIC, {"id": stock_id, "version": version, "booked": booked})

    return tell


@pytest.fixture
async def pro(subgraph: SubgraphClient, tell_structure: Callable[..., Awaitable[None]]) -> Pro:
    """A pro of a validated structure."""
    structure_id = new_id()
    await tell_structure(structure_id)
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
    """`await outbox()`: type and payload of every event told so far, in order."""

    async def read() -> list[tuple[str, dict[str, Any]]]:
        async with runtime.database.read() as connection:
            rows = await connection.execute(sa.select(tables.outbox).order_by(tables.outbox.c.id))
            return [(row.type, orjson.loads(row.payload)) for row in rows]

    return read
