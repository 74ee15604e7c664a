"""Batching per request: twenty offers asked for one by one are read together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from catalog.persistence import queries
from catalog.persistence.queries import SeenOffer, SeenVenue
from catalog.persistence.records import StockRecord
from chassis.graphql import Info

T = TypeVar("T")

Read = Callable[[AsyncConnection, Sequence[UUID]], Awaitable[Mapping[UUID, T]]]


def _loader(info: Info, name: str, read: Read[T]) -> DataLoader[UUID, T | None]:
    """The request's loader of that name. Each key is read once a request: mutations forget theirs."""
    loaders = info.context.loaders
    if name not in loaders:
        database = info.context.db

        async def load(ids: list[UUID]) -> list[T | None]:
            async with database.read() as connection:
                found = await read(connection, ids)
            return [found.get(id_) for id_ in ids]

        loaders[name] = DataLoader(load)
    loader: DataLoader[UUID, T | None] = loaders[name]
    return loader


async def load_venue(info: Info, id_: UUID) -> SeenVenue | None:
    return await _loader(info, "venues", queries.venues_by_id).load(id_)


async def load_venues_of(info: Info, structure_id: UUID) -> list[SeenVenue]:
    """Every venue of a structure, oldest first."""
    return await _loader(info, "venues_of", queries.venues_by_structure).load(structure_id) or []


async def load_offer(info: Info, id_: UUID) -> SeenOffer | None:
    return await _loader(info, "offers", queries.offers_by_id).load(id_)


async def load_stock(info: Info, id_: UUID) -> StockRecord | None:
    return await _loader(info, "stocks", queries.stocks_by_id).load(id_)


async def load_live_stocks(info: Info, offer_id: UUID) -> list[StockRecord]:
    """The stocks of an offer that are not deleted, by start."""
    return await _loader(info, "stocks_of", queries.live_stocks_by_offer).load(offer_id) or []


def forget(info: Info) -> None:
    """Drop what was read before a mutation wrote."""
    info.context.loaders.clear()
