"""Stocks as rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.persistence.records import StockRecord
from catalog.persistence.tables import stocks

_ADD = sa.insert(stocks).returning(stocks, sort_by_parameter_order=True)
_LIVE_OF_OFFER = sa.select(stocks).where(
    stocks.c.offer_id == sa.bindparam("offer"), stocks.c.is_deleted.is_(False)
)
_COUNT = sa.select(sa.func.count()).where(
    stocks.c.offer_id == sa.bindparam("offer"), stocks.c.is_deleted.is_(False)
)
_LABELS = (
    sa.select(stocks.c.price_label)
    .where(
        stocks.c.offer_id == sa.bindparam("offer"),
        stocks.c.is_deleted.is_(False),
        stocks.c.price_label.is_not(None),
    )
    .distinct()
)
_FIND = sa.select(stocks).where(stocks.c.id == sa.bindparam("stock"), stocks.c.is_deleted.is_(False))
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
    .returning(stocks)
)
_DELETE = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"))
    .values(version=stocks.c.version + 1, is_deleted=True, changed_at=sa.func.now())
    .returning(stocks)
)
_HEAR_AVAILABILITY = (
    sa.update(stocks)
    .where(
        stocks.c.id == sa.bindparam("stock"), stocks.c.availability_version < sa.bindparam("heard_version")
    )
    .values(booked=sa.bindparam("heard_booked"), availability_version=sa.bindparam("heard_version"))
)


async def add_stocks(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> list[StockRecord]:
    """The new stocks' rows, in the order given."""
    added = await connection.execute(_ADD, [dict(row) for row in rows])
    return [StockRecord(*row) for row in added]


async def live_stocks(connection: AsyncConnection, offer_id: UUID) -> list[StockRecord]:
    """The offer's stocks that are not deleted."""
    rows = await connection.execute(_LIVE_OF_OFFER, {"offer": offer_id})
    return [StockRecord(*row) for row in rows]


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
    row = (await connection.execute(statement, {"stock": stock_id})).one_or_none()
    return None if row is None else StockRecord(*row)


async def write_stock(
    connection: AsyncConnection,
    stock_id: UUID,
    *,
    price_cents: int,
    quantity: int | None,
    starts_at: datetime | None,
    booking_limit_at: datetime | None,
) -> StockRecord:
    """The stock's row after an edition."""
    values = {
        "stock": stock_id,
        "new_price_cents": price_cents,
        "new_quantity": quantity,
        "new_starts_at": starts_at,
        "new_booking_limit_at": booking_limit_at,
    }
    return StockRecord(*(await connection.execute(_UPDATE, values)).one())


async def delete_stock(connection: AsyncConnection, stock_id: UUID) -> StockRecord:
    """The stock's row after its deletion; it stays for the bookings that name it."""
    return StockRecord(*(await connection.execute(_DELETE, {"stock": stock_id})).one())


async def hear_availability(connection: AsyncConnection, heard: Sequence[tuple[UUID, int, int]]) -> None:
    """Note how many places are booked: (stock, version, booked), where the stored version is lower."""
    await connection.execute(
        _HEAR_AVAILABILITY,
        [
            {"stock": stock_id, "heard_version": version, "heard_booked": booked}
            for stock_id, version, booked in heard
        ],
    )
