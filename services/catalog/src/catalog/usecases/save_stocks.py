"""Check and write new stocks of an offer that is locked: all of them or none."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.refusals.stock import TooManyStocks
from catalog.domain.stock import StockDraft, StockRefusal, check_stock, check_stock_count
from catalog.messages.stock import stock_event
from catalog.persistence import offers, stocks
from catalog.persistence.records import OfferRecord, StockRecord
from chassis.ids import new_id
from chassis.outbox import emit

SaveStocksRefusal = TooManyStocks | StockRefusal


async def save_stocks(
    connection: AsyncConnection,
    offer: OfferRecord,
    drafts: Sequence[tuple[str | None, StockDraft]],
    now: datetime,
) -> list[StockRecord] | SaveStocksRefusal:
    """The new stocks, in the order of `drafts`: the label of the tariff (None for things) and the rest."""
    too_many = check_stock_count(await stocks.count_stocks(connection, offer.id), len(drafts), now)
    if too_many is not None:
        return too_many
    kind = await offers.of_stock(connection, offer)
    for _, draft in drafts:
        refusal = check_stock(kind, draft, now)
        if refusal is not None:
            return refusal
    added = [
        StockRecord(
            id=new_id(),
            version=1,
            offer_id=offer.id,
            price_label=label,
            price_cents=draft.price_cents,
            quantity=draft.quantity,
            starts_at=draft.starts_at,
            booking_limit_at=draft.booking_limit_at,
            is_deleted=False,
            booked=0,
            availability_version=0,
            created_at=now,
        )
        for label, draft in drafts
    ]
    await stocks.add_stocks(connection, added)
    await emit(connection, [stock_event("stock.created", stock) for stock in added])
    return added
