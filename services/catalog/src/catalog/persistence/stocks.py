"""Stocks as rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import StockRecord
from catalog.persistence.tables import among, stocks
from chassis.records import columns, parameters

_COLUMNS = columns(stocks, StockRecord)
_IS_LIVE = stocks.c.is_deleted.is_(False)
_OF_OFFER = stocks.c.offer_id == sa.bindparam("offer")
_ADD = sa.insert(stocks)
_LIVE_OF_OFFER = sa.select(*_COLUMNS).where(_OF_OFFER, _IS_LIVE)
_COUNT = sa.select(sa.func.count()).where(_OF_OFFER, _IS_LIVE)
_LABELS = (
    sa.select(stocks.c.price_label).where(_OF_OFFER, _IS_LIVE, stocks.c.price_label.is_not(None)).distinct()
)
_FIND = sa.select(*_COLUMNS).where(stocks.c.id == sa.bindparam("stock"), _IS_LIVE)
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
    .returning(*_COLUMNS)
)
_DELETE = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"))
    .values(version=stocks.c.version + 1, is_deleted=True, changed_at=sa.func.now())
    .returning(*_COLUMNS)
)
_BY_ID = sa.select(*_COLUMNS).where(among(stocks.c.id, "ids"))
_LIVE_BY_OFFER = (
    sa.select(*_COLUMNS)
    .where(among(stocks.c.offer_id, "ids"), _IS_LIVE)
    .order_by(stocks.c.starts_at.nulls_first(), stocks.c.price_cents, stocks.c.id)
)


async def add_stocks(connection: AsyncConnection, added: Sequence[StockRecord]) -> None:
    await connection.execute(_ADD, [parameters(stock) for stock in added])


async def live_stocks(connection: AsyncConnection, offer_id: UUID) -> list[StockRecord]:
    """The offer's stocks that are not deleted."""
    found = await connection.execute(_LIVE_OF_OFFER, {"offer": offer_id})
    return [StockRecord(*each) for each in found]


async def count_stocks(connection: AsyncConnection, offer_id: UUID) -> int:
    """How many stocks of the offer are not deleted."""
    return int(await connection.scalar(_COUNT, {"offer": offer_id}) or 0)


async def price_labels(connection: AsyncConnection, offer_id: UUID) -> Sequence[str]:
    """The labels of the offer's tariffs, without the deleted stocks'."""
    return (await connection.execute(_LABELS, {"offer": offer_id})).scalars().all()


async def find_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord | None:
    """A stock that is not deleted."""
    return await _one(connection, _FIND, stock_id)


async def lock_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord | None:
    """A stock that is not deleted, locked until the end of the transaction."""
    return await _one(connection, _LOCK, stock_id)


async def _one(connection: AsyncConnection, statement: sa.Select[Any], stock_id: UUID) -> StockRecord | None:
    found = (await connection.execute(statement, {"stock": stock_id})).one_or_none()
    return None if found is None else StockRecord(*found)


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
    found = await connection.execute(_BY_ID, {"ids": list(ids)})
    return {stock.id: stock for stock in (StockRecord(*each) for each in found)}


async def live_stocks_by_offer(
    connection: AsyncConnection, offer_ids: Sequence[UUID]
) -> dict[UUID, list[StockRecord]]:
    """Stocks that are not deleted, by start, then price; an offer without any is left out."""
    found: dict[UUID, list[StockRecord]] = defaultdict(list)
    for each in await connection.execute(_LIVE_BY_OFFER, {"ids": list(offer_ids)}):
        stock = StockRecord(*each)
        found[stock.offer_id].append(stock)
    return found
