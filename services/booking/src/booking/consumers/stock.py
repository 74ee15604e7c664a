"""catalog.stock.v1: places and prices as they are offered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.records import StockCopy
from booking.usecases.follow_stocks import follow_stocks
from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer


class StockMessage(Message):
    offer_id: UUID
    price_label: str | None = None
    price_cents: int
    quantity: int | None
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    is_deleted: bool = False


def subscription(sealer: Sealer, clock: Clock) -> Subscription[StockMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[StockMessage]) -> None:
        stocks = [_copy(message) for message in newest(messages)]
        await follow_stocks(connection, sealer, stocks, clock.now())

    return Subscription("catalog.stock.v1", StockMessage, apply)


def _copy(message: StockMessage) -> StockCopy:
    return StockCopy(**message.model_dump(exclude={"quantity"}), offered=message.quantity)
