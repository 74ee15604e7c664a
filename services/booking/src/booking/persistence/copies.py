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

_wallets = tables.wallets.c
_WALLET_INSERT = pg.insert(tables.wallets)
_told = _WALLET_INSERT.excluded
# What was spent is ours; a grant that shrinks below it shrinks no further than that.
_WALLETS = _WALLET_INSERT.on_conflict_do_update(
    index_elements=[_wallets.id],
    set_={
        "version": _told.version,
        "kind": _told.kind,
        "amount_cents": sa.func.greatest(_told.amount_cents, _wallets.spent_cents),
        "digital_cap_cents": sa.case(
            (_told.digital_cap_cents.is_(None), None),
            else_=sa.func.greatest(_told.digital_cap_cents, _wallets.digital_spent_cents),
        ),
        "physical_cap_cents": sa.case(
            (_told.physical_cap_cents.is_(None), None),
            else_=sa.func.greatest(_told.physical_cap_cents, _wallets.physical_spent_cents),
        ),
        "granted_at": _told.granted_at,
        "expires_at": _told.expires_at,
    },
    where=_wallets.version < _told.version,
)


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


async def put_wallets(connection: AsyncConnection, grants: Sequence[Mapping[str, Any]]) -> None:
    await _apply(connection, _WALLETS, grants)


async def put_payment(connection: AsyncConnection, payment: Mapping[str, Any]) -> bool:
    """Whether this told something new."""
    return (await connection.execute(_PAYMENTS, dict(payment))).one_or_none() is not None
