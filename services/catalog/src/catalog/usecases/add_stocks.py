"""A pro adds stocks: dates × tariffs of an event, or a lot of a thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.price import PriceCategory, check_price_categories
from catalog.domain.refusals.stock import NoStockToAdd
from catalog.domain.stock import (
    StockDraft,
    check_price_category_count,
    check_stock,
    check_stock_count,
)
from catalog.persistence import stocks
from catalog.persistence.records import OfferRecord
from catalog.usecases.announce import stock_event
from catalog.usecases.owned import lock_own_offer, offer_of_stock
from chassis.auth import Principal
from chassis.ids import new_id
from chassis.outbox import emit
from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class AskedDate:
    """One date of an event; `quantity` places for each tariff, None unlimited."""

    starts_at: datetime | None
    booking_limit_at: datetime | None
    quantity: int | None


async def add_stocks(
    connection: AsyncConnection,
    *,
    offer_id: UUID,
    categories: Sequence[PriceCategory],
    dates: Sequence[AskedDate],
    principal: Principal,
    now: datetime,
) -> list[UUID] | Refusal:
    """The ids of the new stocks: each date with each tariff, in that order. All of them or none."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, Refusal):
        return offer
    if not categories or not dates:
        return NoStockToAdd()
    labels = [*await stocks.price_labels(connection, offer_id), *(category.label for category in categories)]
    refusal = check_price_categories(tuple(categories), now) or check_price_category_count(labels, now)
    if refusal is not None:
        return refusal
    drafts = [
        (
            category.label.strip(),
            StockDraft(category.price_cents, date.quantity, date.starts_at, date.booking_limit_at),
        )
        for date in dates
        for category in categories
    ]
    return await _add(connection, offer, drafts, now)


async def add_thing_stock(
    connection: AsyncConnection, *, offer_id: UUID, draft: StockDraft, principal: Principal, now: datetime
) -> list[UUID] | Refusal:
    """The id, alone in its list, of a new stock without a tariff and without a start."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, Refusal):
        return offer
    return await _add(connection, offer, [(None, draft)], now)


async def _add(
    connection: AsyncConnection,
    offer: OfferRecord,
    drafts: Sequence[tuple[str | None, StockDraft]],
    now: datetime,
) -> list[UUID] | Refusal:
    kind = offer_of_stock(offer)
    refusal = check_stock_count(await stocks.count_stocks(connection, offer.id), len(drafts), now)
    if refusal is not None:
        return refusal
    for _, draft in drafts:
        refusal = check_stock(kind, draft, now)
        if refusal is not None:
            return refusal
    added = await stocks.add_stocks(
        connection,
        [
            {
                "id": new_id(),
                "offer_id": offer.id,
                "price_label": label,
                "price_cents": draft.price_cents,
                "quantity": draft.quantity,
                "starts_at": draft.starts_at,
                "booking_limit_at": draft.booking_limit_at,
                "created_at": now,
            }
            for label, draft in drafts
        ],
    )
    await emit(connection, [stock_event("stock.created", stock) for stock in added])
    return [stock.id for stock in added]
