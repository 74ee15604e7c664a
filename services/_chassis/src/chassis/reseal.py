"""Sealing anew, with the newest storage key, what older ones sealed in the tables: the job `reseal`."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.at_rest import KeyRing, Sealed, sealed_columns
from chassis.jobs import Job, Run

PAGE: Final = 500
"""Rows that are sealed in one transaction: nobody waits long for one of them."""

_BEFORE_ALL: Final = UUID(int=0)


class _Pages:
    """The statements that seal one table anew, page by page."""

    def __init__(self, table: sa.Table, sealed: Mapping[str, Sealed]) -> None:
        (id_,) = table.primary_key.columns
        seals = {name: sa.type_coerce(table.c[name], sa.LargeBinary) for name in sealed}
        mark = sa.bindparam("mark", type_=sa.LargeBinary)
        self._sealed = sealed
        self._read = (
            sa.select(
                id_.label("row_id"),
                *(table.c[type_.row].label(f"row_of_{name}") for name, type_ in sealed.items()),
                *(seal.label(name) for name, seal in seals.items()),
            )
            .where(
                id_ > sa.bindparam("after", type_=sa.Uuid),
                sa.or_(*(sa.func.substr(seal, 1, sa.func.length(mark)) != mark for seal in seals.values())),
            )
            .order_by(id_)
            .limit(PAGE)
            .with_for_update(key_share=True)
        )
        # Neither version nor `changed_at`: nothing that anybody is told has changed.
        self._write = (
            sa.update(table)
            .where(id_ == sa.bindparam("row_id"))
            .values({name: sa.bindparam(f"new_{name}", type_=sa.LargeBinary) for name in sealed})
        )

    async def seal(self, connection: AsyncConnection, ring: KeyRing, after: UUID) -> Sequence[UUID]:
        """The rows of the page that follows `after`; the newest key has sealed them now."""
        rows = (await connection.execute(self._read, {"after": after, "mark": ring.mark})).all()
        if rows:
            await connection.execute(self._write, [self._anew(ring, row._mapping) for row in rows])
        return [row.row_id for row in rows]

    def _anew(self, ring: KeyRing, row: Mapping[Any, Any]) -> dict[str, Any]:
        values = {"row_id": row["row_id"]}
        for name, type_ in self._sealed.items():
            seal, place = row[name], row[f"row_of_{name}"]
            if seal is not None and not seal.startswith(ring.mark):
                seal = ring.seal(type_.column, place, ring.open(type_.column, place, seal))
            values[f"new_{name}"] = seal
        return values


def reseal(tables: sa.MetaData) -> Job:
    """The job for a context's tables, once every process of the context seals with the newest key.

    It locks a page of rows at a time and writes them as it read them, so that requests go on. What it reports
    is the rows that it sealed: when it has said 0, nothing is left that an older key is needed for.
    """
    found = {table.name: (table, sealed_columns(table)) for table in tables.sorted_tables}
    pages = {name: _Pages(table, sealed) for name, (table, sealed) in found.items() if sealed}

    async def work(run: Run[Any]) -> str:
        """Seal anew, with the newest storage key, what older ones sealed."""
        ring: KeyRing = run.runtime.database.ring
        for name in pages:
            if name not in (run.cursor or _BEGINNING)["over"]:
                while await run.step(partial(step, run, ring, name)):
                    pass
        return f"{run.done} rows sealed anew"

    async def step(run: Run[Any], ring: KeyRing, name: str, connection: AsyncConnection) -> bool:
        """Whether there may be more in the table; how far it got is kept with the seals."""
        reached: Mapping[str, Any] = run.cursor or _BEGINNING
        rows = await pages[name].seal(connection, ring, UUID(reached["after"]))
        over = reached["over"] if rows else [*reached["over"], name]
        cursor = {"over": over, "after": str(rows[-1] if rows else _BEFORE_ALL)}
        await run.checkpoint(connection, cursor=cursor, done=run.done + len(rows))
        return bool(rows)

    return Job("reseal", work)


_BEGINNING: Final[Mapping[str, Any]] = {"over": (), "after": str(_BEFORE_ALL)}
