"""What other contexts tell: insert, or update where the stored version is lower.

That one rule makes duplicates, replays and reordering harmless.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import tables


def _upsert(table: sa.Table, keep: Mapping[str, Any] | None = None) -> pg.Insert:
    """`keep` replaces the plain "as told" of some columns by an expression."""
    statement = pg.insert(table)
    told = {column.name: statement.excluded[column.name] for column in table.c if column.name != "id"}
    return statement.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={**told, **(keep or {})},
        where=table.c.version < statement.excluded.version,
    )


_PERSONS = _upsert(tables.persons)
_VENUES = _upsert(tables.venues)
_OFFERS = _upsert(tables.offers)
_PAYMENTS = _upsert(tables.payments).returning(tables.payments.c.booking_id)


def newest(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The newest state of each aggregate in a batch, by id: locks are taken in one order."""
    states: dict[Any, Mapping[str, Any]] = {}
    for message in messages:
        known = states.get(message["id"])
        if known is None or known["version"] < message["version"]:
            states[message["id"]] = message
    return [dict(states[id_]) for id_ in sorted(states)]


async def _apply(
    connection: AsyncConnection, statement: pg.Insert, messages: Iterable[Mapping[str, Any]]
) -> None:
    states = newest(messages)
    if states:
        await connection.execute(statement, states)


async def put_persons(connection: AsyncConnection, persons: Sequence[Mapping[str, Any]]) -> None:
    await _apply(connection, _PERSONS, persons)


async def put_venues(connection: AsyncConnection, venues: Sequence[Mapping[str, Any]]) -> None:
    await _apply(connection, _VENUES, venues)


async def put_offers(connection: AsyncConnection, offers: Sequence[Mapping[str, Any]]) -> None:
    await _apply(connection, _OFFERS, offers)


async def put_payment(connection: AsyncConnection, payment: Mapping[str, Any]) -> bool:
    """Whether this told something new."""
    return (await connection.execute(_PAYMENTS, dict(payment))).one_or_none() is not None
