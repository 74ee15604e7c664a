"""The catalogue's topics: the public state of each aggregate, and how to tell all of it again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import OfferRecord, StockRecord, VenueRecord
from catalog.persistence.tables import offers, stocks, structures, venues
from catalog.usecases.announce import (
    OFFER_TOPIC,
    STOCK_TOPIC,
    VENUE_TOPIC,
    offer_event,
    stock_event,
    venue_event,
)
from chassis.outbox import Event, Published
from chassis.sealed import Sealer


class _State(BaseModel):
    """Every key is always there; null means unknown or none. Instants are ISO 8601 in UTC."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    version: int = Field(ge=1, description="grows with each change of the aggregate")


class VenueState(_State):
    structure_id: UUID
    structure_status: Literal["pending", "validated", "rejected", "closed"] = Field(
        description="pending too while the venue itself is held back"
    )
    siret: str | None = Field(pattern=r"^\d{14}$")
    name: str
    public_name: str | None
    is_virtual: bool
    street: str | None
    postal_code: str | None
    city: str | None
    department_code: str | None
    timezone: str = Field(description="IANA zone of the venue's clock")
    latitude: float | None
    longitude: float | None
    sealed: str = Field(description="sealed: booking_email, null when there is none")


class OfferState(_State):
    venue_id: UUID
    structure_id: UUID
    subcategory_id: str
    name: str
    description: str | None
    artist: str | None
    is_duo: bool = Field(description="false wherever the sub-category cannot be duo")
    url: str | None = Field(description="may hold {token}, {email}, {offerId}")
    isbn: str | None = Field(pattern=r"^\d{13}$")
    product_key: str = Field(description="ISBN, else visa, else the offer's id")
    validation: Literal["DRAFT", "PENDING", "APPROVED", "REJECTED"]
    is_active: bool
    published_at: AwareDatetime | None = Field(description="in the future for a scheduled publication")
    created_at: AwareDatetime
    withdrawal_type: Literal["NO_TICKET", "BY_EMAIL", "ON_SITE", "IN_APP"] | None
    ranking_weight: int


class StockState(_State):
    offer_id: UUID
    price_label: str | None
    price_cents: NonNegativeInt
    quantity: NonNegativeInt | None = Field(description="places offered; null = unlimited")
    starts_at: AwareDatetime | None
    booking_limit_at: AwareDatetime | None
    is_deleted: bool
    created_at: AwareDatetime


STATES: dict[str, type[_State]] = {
    VENUE_TOPIC: VenueState,
    OFFER_TOPIC: OfferState,
    STOCK_TOPIC: StockState,
}


def _page(
    table: sa.Table, after: UUID | None, since: datetime | None, limit: int, *more: Any
) -> sa.Select[Any]:
    statement = sa.select(table, *more).order_by(table.c.id).limit(limit).with_for_update(read=True)
    if after is not None:
        statement = statement.where(table.c.id > after)
    if since is not None:
        statement = statement.where(table.c.changed_at >= since)
    return statement


def schema_of(topic: str) -> dict[str, Any]:
    """The JSON Schema of a topic's values, as committed in `contracts/events`."""
    schema = STATES[topic].model_json_schema()
    for told in schema["properties"].values():
        told.pop("title")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": topic}


async def _read_offers(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[Event]:
    rows = await connection.execute(_page(offers, after, since, limit))
    return [offer_event("offer.republished", OfferRecord(*row)) for row in rows]


async def _read_stocks(
    connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[Event]:
    rows = await connection.execute(_page(stocks, after, since, limit))
    return [stock_event("stock.republished", StockRecord(*row)) for row in rows]


def published(sealer: Sealer) -> Sequence[Published]:
    """The topics that the catalogue owns."""

    async def read_venues(
        connection: AsyncConnection, after: UUID | None, since: datetime | None, limit: int
    ) -> Sequence[Event]:
        page = _page(venues, after, since, limit, structures.c.status)
        rows = await connection.execute(page.join_from(venues, structures))
        return [
            venue_event("venue.republished", VenueRecord(*venue), status, sealer) for *venue, status in rows
        ]

    return (
        Published(VENUE_TOPIC, read_venues),
        Published(OFFER_TOPIC, _read_offers),
        Published(STOCK_TOPIC, _read_stocks),
    )
