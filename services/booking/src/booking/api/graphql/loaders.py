"""Batching per request: ten bookings asked for one by one are read together."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from booking.domain.stock import Stock
from booking.persistence import bookings, stocks
from booking.persistence.bookings import BookingRecord
from chassis.graphql import Info

T = TypeVar("T")


def _loader(info: Info, name: str, make: Callable[[], DataLoader[UUID, T]]) -> DataLoader[UUID, T]:
    loaders = info.context.loaders
    if name not in loaders:
        loaders[name] = make()
    loader: DataLoader[UUID, T] = loaders[name]
    return loader


async def load_booking(info: Info, id_: UUID) -> BookingRecord | None:
    """The booking of that id, whoever it belongs to."""

    async def load(ids: list[UUID]) -> list[BookingRecord | None]:
        async with info.context.db.read() as connection:
            found = {record.id: record for record in await bookings.by_ids(connection, ids)}
        return [found.get(id_) for id_ in ids]

    return await _loader(info, "bookings", lambda: DataLoader(load)).load(id_)


async def load_stock(info: Info, id_: UUID) -> Stock | None:
    async def load(ids: list[UUID]) -> list[Stock | None]:
        async with info.context.db.read() as connection:
            found = await stocks.bookable(connection, ids)
        return [found.get(id_) for id_ in ids]

    return await _loader(info, "stocks", lambda: DataLoader(load)).load(id_)
