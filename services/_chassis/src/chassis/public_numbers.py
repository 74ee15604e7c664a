"""Numbers for the outside: where a partner's contract wants an integer, or the "humanized" text of one.

A row's number is given once, by the context that owns the row, from a sequence of its own: at the insert
for rows made since the column is there, and for older ones when it is first asked for. It says nothing of
the row's UUID, has gaps, and is never given to another row. The column, in `persistence/tables.py` and in
the migration that adds it:

    public_numbers.column("offers")

    CREATE SEQUENCE offers_number AS bigint
    ALTER TABLE offers ADD COLUMN number bigint          -- no default yet: the table is not rewritten
    ALTER TABLE offers ALTER COLUMN number SET DEFAULT nextval('offers_number')
    ALTER TABLE offers ADD CONSTRAINT offers_number_unique UNIQUE (number)
"""

import base64
import binascii
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

LARGEST = 2**63 - 1

_TO_PEOPLE = str.maketrans("OI", "89")
_FROM_PEOPLE = str.maketrans("89", "OI")

UNNUMBERED = "AND number IS NULL"
"""Who comes second waits for the row, finds it numbered, and writes nothing."""


def column(table: str) -> sa.Column[int]:
    """The `number` of a table's rows: null for those older than the column that nobody asked about."""
    default = sa.text(f"nextval('{table}_number'::regclass)")
    return sa.Column("number", sa.BigInteger, server_default=default, comment="for the outside, given once")


def constraint(table: str) -> sa.UniqueConstraint:
    """No two rows have one number."""
    return sa.UniqueConstraint("number", name=f"{table}_number_unique")


@lru_cache
def _read(table: str) -> sa.TextClause:
    return sa.text(f"SELECT number FROM {table} WHERE id = :id").bindparams(_ID)  # noqa: S608


@lru_cache
def _give(table: str, guard: str) -> sa.TextClause:
    statement = (
        f"UPDATE {table} SET number = nextval('{table}_number') WHERE id = :id {guard} RETURNING number"  # noqa: S608
    )
    return sa.text(statement).bindparams(_ID)


@lru_cache
def _find(table: str) -> sa.TextClause:
    return sa.text(f"SELECT id FROM {table} WHERE number = :number").bindparams(_NUMBER)  # noqa: S608


_ID: sa.BindParameter[Any] = sa.bindparam("id", type_=sa.Uuid)
_NUMBER: sa.BindParameter[Any] = sa.bindparam("number", type_=sa.BigInteger)


async def next_number(connection: AsyncConnection, table: str) -> int:
    """A number that no row has had: for a row whose first event tells it."""
    return int(await connection.scalar(sa.text(f"SELECT nextval('{table}_number')")))


async def number_of(
    connection: AsyncConnection, table: str, id_: UUID, *, guard: str = UNNUMBERED
) -> int | None:
    """The number of a row, given now if it has none; None when there is no such row.

    Each statement must see what others committed meanwhile, as they do on `Database.read()` and in
    `Database.run`. `table` is a name from the code, never from a client. `guard` is an argument so that a
    test can show the race.
    """
    known: int | None = await connection.scalar(_read(table), {"id": id_})
    if known is None:
        known = await connection.scalar(_give(table, guard), {"id": id_})
    if known is None:  # somebody else gave it between the two, or there is no such row
        known = await connection.scalar(_read(table), {"id": id_})
    return known


async def find_by_number(connection: AsyncConnection, table: str, number: int) -> UUID | None:
    """The id of the row with this number. None too for what is no number of ours."""
    if not 1 <= number <= LARGEST:
        return None
    found: UUID | None = await connection.scalar(_find(table), {"number": number})
    return found


def humanize(number: int) -> str:
    """A number as the old public ids write it: 1 is `AE`.

    Its big-endian bytes in base32 without padding, with 8 for O and 9 for I.
    """
    if not 1 <= number <= LARGEST:
        raise ValueError(f"{number} is no public number")
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.b32encode(raw).decode().rstrip("=").translate(_TO_PEOPLE)


def dehumanize(text: str) -> int | None:
    """The number in an old public id; None for what `humanize` never writes."""
    letters = text.translate(_FROM_PEOPLE)
    try:
        number = int.from_bytes(base64.b32decode(letters + "=" * (-len(letters) % 8)), "big")
    except (binascii.Error, ValueError):
        return None
    return number if 1 <= number <= LARGEST and humanize(number) == text else None
