"""A pro who acts on the catalogue through its subgraph."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from catalog_support.mutations import (
    ADD_STOCKS,
    ADD_THING_STOCK,
    CREATE_OFFER,
    CREATE_VENUE,
    DELETE_STOCK,
    PUBLISH,
    UNPUBLISH,
    UPDATE_STOCK,
)
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.testing import TODAY, SubgraphClient

SIREN = "732829320"
SIRETS = ("73282932000074", "73282932000009", "73282932000017")
ACCESSIBILITY = {"audio": False, "mental": False, "motor": True, "visual": False}
NO_TICKET = {"type": "NO_TICKET", "bookingContact": "billets@quartz.example"}


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
