"""Stocks as rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import StockRecord
from catalog.persistence.tables import among, stocks
from chassis.kept import Kept, grouped
from chassis.records import parameters

_STOCKS = Kept(stocks, StockRecord)
_IS_LIVE = stocks.c.is_deleted.is_(False)
_OF_OFFER = stocks.c.offer_id == sa.bindparam("offer")
_LIVE_OF_OFFER = _STOCKS.select.where(_OF_OFFER, _IS_LIVE)
_COUNT = sa.select(sa.func.count()).where(_OF_OFFER, _IS_LIVE)
_LABELS = (
    sa.select(stocks.c.price_label).where(_OF_OFFER, _IS_LIVE, stocks.c.price_label.is_not(None)).distinct()
)
_FIND = _STOCKS.select.where(stocks.c.id == sa.bindparam("stock"), _IS_LIVE)
_LOCK = _FIND.with_for_update()
_UPDATE = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"))
    .values(
        version=stocks.c.version + 1,
        price_cents=sa.bindparam("new_price_cents"),
        quantity=sa.bindparam("new_quantity"),
        starts_at=sa.bindparam("new_starts_at"),
        booking_limit_at=sa.bindparam("new_booking_limit_at"),
        changed_at=sa.func.now(),
    )
    .returning(*_STOCKS.columns)
)
_DELETE = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"))
    .values(version=stocks.c.version + 1, is_deleted=True, changed_at=sa.func.now())
    .returning(*_STOCKS.columns)
)
_BY_ID = _STOCKS.select.where(among(stocks.c.id, "ids"))
_LIVE_BY_OFFER = _STOCKS.select.where(among(stocks.c.offer_id, "ids"), _IS_LIVE).order_by(
    stocks.c.starts_at.nulls_first(), stocks.c.price_cents, stocks.c.id
)


async def add_stocks(connection: AsyncConnection, added: Sequence[StockRecord]) -> None:
    await connection.execute(_STOCKS.insert, [parameters(stock) for stock in added])


async def live_stocks(connection: AsyncConnection, offer_id: UUID) -> list[StockRecord]:
    """The offer's stocks that are not deleted."""
    return await _STOCKS.all(connection, _LIVE_OF_OFFER, offer=offer_id)


async def count_stocks(connection: AsyncConnection, offer_id: UUID) -> int:
    """How many stocks of the offer are not deleted."""
    return int(await connection.scalar(_COUNT, {"offer": offer_id}) or 0)


async def price_labels(connection: AsyncConnection, offer_id: UUID) -> Sequence[str]:
    """The labels of the offer's tariffs, without the deleted stocks'."""
    return (await connection.execute(_LABELS, {"offer": offer_id})).scalars().all()


async def find_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord | None:
    """A stock that is not deleted."""
    return await _STOCKS.one(connection, _FIND, stock=stock_id)


async def lock_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord | None:
    """A stock that is not deleted, locked until the end of the transaction."""
    return await _STOCKS.one(connection, _LOCK, stock=stock_id)


async def write_stock(
    connection: AsyncConnection,
    stock_id: UUID,
    *,
    price_cents: int,
    quantity: int | None,
    starts_at: datetime | None,
    booking_limit_at: datetime | None,
) -> StockRecord:
    """The stock after an edition."""
    values = {
        "stock": stock_id,
        "new_price_cents": price_cents,
        "new_quantity": quantity,
        "new_starts_at": starts_at,
        "new_booking_limit_at": booking_limit_at,
    }
    return StockRecord(*(await connection.execute(_UPDATE, values)).one())


async def delete_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord:
    """The stock after its deletion; its row stays for the bookings that name it."""
    return StockRecord(*(await connection.execute(_DELETE, {"stock": stock_id})).one())


async def stocks_by_id(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, StockRecord]:
    """Deleted ones too: bookings go on naming them."""
    return {stock.id: stock for stock in await _STOCKS.all(connection, _BY_ID, ids=list(ids))}


async def live_stocks_by_offer(
    connection: AsyncConnection, offer_ids: Sequence[UUID]
) -> dict[UUID, list[StockRecord]]:
    """Stocks that are not deleted, by start, then price; an offer without any is left out."""
    return grouped(await _STOCKS.all(connection, _LIVE_BY_OFFER, ids=list(offer_ids)), "offer_id")
