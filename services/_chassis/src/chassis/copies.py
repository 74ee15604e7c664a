"""Copies of what other contexts own: insert, or update where the stored version is lower.

That one rule makes duplicates, replays and reordering harmless.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg


class Versioned(Protocol):
    """A whole state of one aggregate, as its owner published it."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)


def newest(states: Iterable[V]) -> list[V]:
    """The newest state of each aggregate in a batch, by id: locks are taken in one order."""
    kept: dict[UUID, V] = {}
    for state in states:
        known = kept.get(state.id)
        if known is None or known.version < state.version:
            kept[state.id] = state
    return [kept[id_] for id_ in sorted(kept)]


def keep_newer(table: sa.Table, replaced: Mapping[str, Any] | None = None) -> pg.Insert:
    """INSERT into `table`, or UPDATE every column of the row with that `id` where its `version` is lower.

    `replaced`: expressions that stand in for "as published" in some columns of the update. With
    several rows, give each aggregate once (`newest`): one statement cannot update a row twice.
    """
    statement = pg.insert(table)
    published = {column.name: statement.excluded[column.name] for column in table.c if column.name != "id"}
    return statement.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={**published, **(replaced or {})},
        where=table.c.version < statement.excluded.version,
    )
