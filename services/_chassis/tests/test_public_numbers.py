"""Numbers for the outside: given once, under any race, and never the UUID's bytes."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis import public_numbers
from chassis.public_numbers import LARGEST, dehumanize, find_by_number, humanize, next_number, number_of
from chassis.service import Runtime


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "AE"), (2, "A9"), (255, "74"), (256, "AEAA"), (20_000, "JYQA"), (LARGEST, "P777777777776")],
)
def test_a_number_is_written_as_the_old_public_ids_are(number: int, text: str) -> None:
    assert humanize(number) == text
    assert dehumanize(text) == number


@given(st.integers(1, LARGEST))
def test_what_is_written_is_read_back(number: int) -> None:
    text = humanize(number)
    assert not set(text) & set("OI01=")
    assert dehumanize(text) == number


@given(st.text(max_size=16) | st.text("ABEOI89", max_size=16))
def test_whatever_else_is_typed_is_no_number_and_no_crash(text: str) -> None:
    number = dehumanize(text)
    assert number is None or humanize(number) == text


@pytest.mark.parametrize("text", ["", "A", "ae", "AE======", "AAAE", "AF", "0", "OI", "É", "A" * 40])
def test_only_what_was_written_is_read(text: str) -> None:
    assert dehumanize(text) is None


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1])
def test_what_is_no_number_is_not_written(number: int) -> None:
    with pytest.raises(ValueError, match="no public number"):
        humanize(number)


async def _older_rows(runtime: Runtime[Any], count: int) -> list[UUID]:
    """Rows made before the column was there, then the column as a migration adds it."""
    ids = [uuid4() for _ in range(count)]
    statements = (
        "CREATE TABLE tickets (id uuid PRIMARY KEY)",
        "INSERT INTO tickets SELECT unnest(CAST(:ids AS uuid[]))",
        *_documented_migration("tickets"),
    )
    async with runtime.database.engine.begin() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement), {"ids": ids} if ":ids" in statement else {})
    return ids


def _documented_migration(table: str) -> list[str]:
    """The statements that the module's own page tells a context to run."""
    page = (public_numbers.__doc__ or "").splitlines()
    statements = [line.strip().partition("--")[0] for line in page]
    wanted = [line.replace("offers", table) for line in statements if line.startswith(("CREATE", "ALTER"))]
    assert len(wanted) == 4
    return wanted


@pytest.mark.servers
async def test_a_new_row_has_its_number_and_an_older_one_gets_it_when_asked(runtime: Runtime[Any]) -> None:
    (older,), newer = await _older_rows(runtime, 1), uuid4()
    async with runtime.database.read() as connection:
        insert = sa.text("INSERT INTO tickets (id) VALUES (:id) RETURNING number")
        given_at_once = await connection.scalar(insert, {"id": newer})
        assert await number_of(connection, "tickets", newer) == given_at_once == 1
        assert await number_of(connection, "tickets", older) == 2
        assert await number_of(connection, "tickets", older) == 2
        assert [await find_by_number(connection, "tickets", n) for n in (1, 2, 3)] == [newer, older, None]
        assert await find_by_number(connection, "tickets", 2**70) is None
        assert await number_of(connection, "tickets", uuid4()) is None


async def _ask_at_once(runtime: Runtime[Any], id_: UUID, guard: str) -> list[int | None]:
    """What eight askers get who have all read, before any of them writes, that there is no number yet."""
    barrier = asyncio.Barrier(8)

    async def ask() -> int | None:
        async with runtime.database.read() as connection:
            await connection.execute(sa.text("SELECT 1"))
            await barrier.wait()
            return await number_of(connection, "tickets", id_, guard=guard)

    return await asyncio.gather(*(ask() for _ in range(8)))


@pytest.mark.servers
async def test_askers_at_once_get_one_number(runtime: Runtime[Any]) -> None:
    for id_ in await _older_rows(runtime, 20):
        answers = set(await _ask_at_once(runtime, id_, public_numbers.UNNUMBERED))
        assert len(answers) == 1
        assert None not in answers


@pytest.mark.servers
async def test_without_the_guard_askers_at_once_get_several(runtime: Runtime[Any]) -> None:
    rows = await _older_rows(runtime, 20)
    assert max([len(set(await _ask_at_once(runtime, id_, ""))) for id_ in rows]) > 1


@pytest.mark.servers
async def test_the_declared_column_is_the_one_that_the_migration_makes(runtime: Runtime[Any]) -> None:
    await _older_rows(runtime, 1)
    tickets = sa.Table(
        "tickets",
        sa.MetaData(),
        sa.Column("id", sa.Uuid, primary_key=True),
        public_numbers.column("tickets"),
        public_numbers.constraint("tickets"),
    )

    def found(connection: sa.Connection) -> tuple[Any, ...]:
        inspector = sa.inspect(connection)
        (number,) = [one for one in inspector.get_columns("tickets") if one["name"] == "number"]
        unique = [one["name"] for one in inspector.get_unique_constraints("tickets")]
        return str(number["type"]), number["nullable"], number["default"], unique

    declared = tickets.c.number
    async with runtime.database.read() as connection:
        assert await connection.run_sync(found) == (
            "BIGINT",
            declared.nullable,
            declared.server_default.arg.text,  # type: ignore[union-attr]
            ["tickets_number_unique"],
        )


@pytest.mark.servers
async def test_a_number_taken_before_the_row_is_given_to_no_other(runtime: Runtime[Any]) -> None:
    (older,) = await _older_rows(runtime, 1)
    async with runtime.database.read() as connection:
        taken = await next_number(connection, "tickets")
        insert = sa.text("INSERT INTO tickets (id, number) VALUES (:id, :number)")
        await connection.execute(insert, {"id": uuid4(), "number": taken})
        assert await number_of(connection, "tickets", older) == taken + 1
