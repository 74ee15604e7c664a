"""`catalog.stock.v1`"""

from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, NonNegativeInt

from catalog.messages.state import State, published_state
from catalog.persistence.records import StockRecord
from catalog.persistence.tables import stocks
from chassis import republish
from chassis.outbox import Event, Published
from chassis.records import columns

STOCK_TOPIC = "catalog.stock.v1"


class StockState(State):
    offer_id: UUID
    price_label: str | None
    price_cents: NonNegativeInt
    quantity: NonNegativeInt | None = Field(description="places offered; null = unlimited")
    starts_at: AwareDatetime | None
    booking_limit_at: AwareDatetime | None
    is_deleted: bool
    created_at: AwareDatetime


def stock_event(kind: str, stock: StockRecord) -> Event:
    return Event(STOCK_TOPIC, stock.id, stock.version, kind, published_state(StockState, stock))


def published_stocks() -> Published:
    return republish.published(
        STOCK_TOPIC,
        stocks,
        lambda row: stock_event("stock.republished", StockRecord(*row)),
        sa.select(*columns(stocks, StockRecord)),
    )
