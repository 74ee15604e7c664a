"""What every table of records can do: SELECT lists, INSERT, UPDATE and parameters follow from the record's fields.

A module of statements makes one of its table, names what it offers, and adds the statements of its own:
`add, find, lock = _OFFERS.add, _OFFERS.find, _OFFERS.lock`.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.at_rest import placed
from chassis.records import columns, names, parameters

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    class Identified(DataclassInstance, Protocol):
        @property
        def id(self) -> UUID: ...


R = TypeVar("R", bound="DataclassInstance")


A = TypeVar("A", bound="Identified")


class Kept(Generic[R]):
    """A table and the record that is a row of it."""

    def __init__(self, table: sa.Table, record: type[R]) -> None:
        self._make = record
        self.table = table
        self.names = names(record)
        self.columns = columns(table, record)
        self.select = sa.select(*self.columns)
        self.insert = pg.insert(table)

    async def add(self, connection: AsyncConnection, record: R, statement: pg.Insert | None = None) -> bool:
        """Write a new row; False when `statement`, an INSERT with ON CONFLICT DO NOTHING, found one there."""
        values = placed(self.table, parameters(record))
        done = await connection.execute(self.insert if statement is None else statement, values)
        return done.rowcount == 1

    async def one(
        self, connection: AsyncConnection, statement: sa.Executable, /, **values: object
    ) -> R | None:
        row = (await connection.execute(statement, values)).one_or_none()
        return None if row is None else self._of(row)

    async def all(
        self, connection: AsyncConnection, statement: sa.Executable, /, **values: object
    ) -> list[R]:
        return [self._of(row) for row in await connection.execute(statement, values)]

    def _of(self, row: sa.Row[Any]) -> R:
        return self._make(**dict(zip(self.names, row, strict=True)))


class Aggregates(Kept[A]):
    """Rows with an id, which the subgraph reads by ids, and which change under the lock of their row."""

    def __init__(self, table: sa.Table, record: type[A]) -> None:
        super().__init__(table, record)
        self._by_id = self.select.where(table.c.id == sa.bindparam("row_id"))
        self._locked = self._by_id.with_for_update(key_share=True)
        self._by_ids = self.select.where(
            table.c.id == sa.any_(sa.bindparam("row_ids", type_=sa.ARRAY(sa.Uuid)))
        )
        self._save = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("row_id"))
            .values(
                {
                    name: sa.bindparam(f"new_{name}", type_=table.c[name].type)
                    for name in self.names
                    if name not in ("id", "version")
                }
                | ({"version": table.c.version + 1} if "version" in table.c else {})
                | ({"changed_at": sa.func.now()} if "changed_at" in table.c else {})
            )
            .returning(*self.columns)
        )

    async def find(self, connection: AsyncConnection, id_: UUID) -> A | None:
        return await self.one(connection, self._by_id, row_id=id_)

    async def lock(self, connection: AsyncConnection, id_: UUID) -> A | None:
        """The row as it is, locked until the end of the transaction; None when there is none."""
        return await self.one(connection, self._locked, row_id=id_)

    async def by_ids(self, connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, A]:
        rows = await self.all(connection, self._by_ids, row_ids=list(ids))
        return {row.id: row for row in rows}

    async def save(self, connection: AsyncConnection, record: A) -> A:
        """Write a row that is locked and was changed, as its next version; the row afterwards."""
        values = {
            f"new_{name}": value
            for name, value in placed(self.table, parameters(record)).items()
            if name not in ("id", "version")
        }
        saved = await self.one(connection, self._save, row_id=record.id, **values)
        assert saved is not None, "a locked row is there"
        return saved


def grouped(rows: Iterable[R], key: str) -> dict[UUID, list[R]]:
    """Rows by the UUID in their field `key`, in the order they came."""
    groups: dict[UUID, list[R]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(row)
    return groups
