"""Batching per request: twenty things asked for one by one are read together."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from chassis.graphql.context import Info

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

Read = Callable[[AsyncConnection, Sequence[K]], Awaitable[Mapping[K, T]]]
"""One statement of persistence: what there is, by key; keys that lead nowhere are left out."""


async def load(info: Info, read: Read[K, T], key: K) -> T | None:
    """What `read` finds under `key`; None when nothing. Keys asked for together are read together.

    Each key is read once a request; a mutation that went through `once` has them read again.
    """
    loaders = info.context.loaders
    if read not in loaders:
        database = info.context.db

        async def load_together(keys: list[K]) -> list[T | None]:
            async with database.read() as connection:
                found = await read(connection, keys)
            return [found.get(key) for key in keys]

        loaders[read] = DataLoader(load_together)
    loader: DataLoader[K, T | None] = loaders[read]
    return await loader.load(key)


def forget(info: Info) -> None:
    """Drop what was read before a mutation wrote."""
    info.context.loaders.clear()
