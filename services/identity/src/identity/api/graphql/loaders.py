"""One read per kind of thing and tick, however many fields ask."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from chassis.graphql import Context
from identity.persistence import queries

Row = sa.Row[Any]
Fetch = Callable[[AsyncConnection, Sequence[UUID]], Awaitable[Sequence[Row]]]


def _loader(context: Context, name: str, load: Callable[[list[UUID]], Awaitable[Sequence[Any]]]) -> Any:
    return context.loaders.setdefault(name, DataLoader(load_fn=load))


def _one(context: Context, name: str, fetch: Fetch, column: str) -> DataLoader[UUID, Row | None]:
    async def load(keys: list[UUID]) -> Sequence[Row | None]:
        async with context.db.read() as connection:
            found = {getattr(row, column): row for row in await fetch(connection, keys)}
        return [found.get(key) for key in keys]

    loader: DataLoader[UUID, Row | None] = _loader(context, name, load)
    return loader


def _many(context: Context, name: str, fetch: Fetch, column: str) -> DataLoader[UUID, list[Row]]:
    async def load(keys: list[UUID]) -> Sequence[list[Row]]:
        found: defaultdict[UUID, list[Row]] = defaultdict(list)
        async with context.db.read() as connection:
            for row in await fetch(connection, keys):
                found[getattr(row, column)].append(row)
        return [found[key] for key in keys]

    loader: DataLoader[UUID, list[Row]] = _loader(context, name, load)
    return loader


def persons(context: Context) -> DataLoader[UUID, Row | None]:
    return _one(context, "persons", queries.persons_by_id, "id")


def structures(context: Context) -> DataLoader[UUID, Row | None]:
    return _one(context, "structures", queries.structures_by_id, "id")


def attachments(context: Context) -> DataLoader[UUID, Row | None]:
    return _one(context, "attachments", queries.attachments_by_id, "id")


def latest_check(context: Context) -> DataLoader[UUID, Row | None]:
    return _one(context, "latest_check", queries.latest_checks_of_persons, "person_id")


def grants_of_person(context: Context) -> DataLoader[UUID, list[Row]]:
    return _many(context, "grants_of_person", queries.grants_of_persons, "person_id")


def attachments_of_person(context: Context) -> DataLoader[UUID, list[Row]]:
    return _many(context, "attachments_of_person", queries.attachments_of_persons, "person_id")


def attachments_of_structure(context: Context) -> DataLoader[UUID, list[Row]]:
    return _many(context, "attachments_of_structure", queries.attachments_of_structures, "structure_id")
