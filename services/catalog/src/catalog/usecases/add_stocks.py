"""A pro adds dates × tariffs to an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.price import PriceCategory, PriceCategoryRefusal, check_price_categories
from catalog.domain.refusals.offer import OfferNotFound
from catalog.domain.refusals.stock import NoStockToAdd, TooManyPriceCategories
from catalog.domain.refusals.venue import StructureNotOpen
from catalog.domain.stock import StockDraft, check_price_category_count
from catalog.persistence import offers, stocks
from catalog.persistence.records import StockRecord
from catalog.usecases.access import check_structure, lock_own_offer
from catalog.usecases.save_stocks import SaveStocksRefusal, save_stocks
from chassis.auth import Principal
from chassis.text import one_line

AddStocksRefusal = (
    OfferNotFound
    | StructureNotOpen
    | NoStockToAdd
    | PriceCategoryRefusal
    | TooManyPriceCategories
    | SaveStocksRefusal
)


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
) -> list[StockRecord] | AddStocksRefusal:
    """The new stocks: each date with each tariff, in that order. All of them or none."""
    offer = await lock_own_offer(connection, offer_id, principal)
    if isinstance(offer, OfferNotFound):
        return offer
    not_open = await check_structure(connection, offer.structure_id)
    if not_open is not None:
        return not_open
    if not categories or not dates:
        return NoStockToAdd()
    labels = [*await stocks.price_labels(connection, offer_id), *(category.label for category in categories)]
    department_code = (await offers.of_stock(connection, offer)).department_code
    refusal = check_price_categories(
        tuple(categories), now, department_code=department_code
    ) or check_price_category_count(labels, now)
    if refusal is not None:
        return refusal
    drafts = [
        (
            one_line(category.label),
            StockDraft(category.price_cents, date.quantity, date.starts_at, date.booking_limit_at),
        )
        for date in dates
        for category in categories
    ]
    return await save_stocks(connection, offer, drafts, now)
