"""Of what other contexts publish, the newest state is kept, in whatever order it comes."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from notebook.events import NoteMessage, copy
from notebook.tables import copies

from chassis.copies import keep_newer, newest
from chassis.service import Runtime

ID = UUID(int=7)

messages = st.lists(
    st.builds(
        NoteMessage,
        id=st.integers(1, 4).map(lambda number: UUID(int=number)),
        version=st.integers(1, 5),
        title=st.just("-"),
    ).map(lambda message: message.model_copy(update={"title": f"{message.id} {message.version}"}))
)


@given(messages)
def test_a_batch_is_reduced_to_the_newest_of_each_by_id(batch: list[NoteMessage]) -> None:
    kept = newest(batch)
    assert [message.id for message in kept] == sorted({message.id for message in batch})
    for message in kept:
        assert message.version == max(other.version for other in batch if other.id == message.id)


@pytest.mark.servers
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 3, 1)])
async def test_the_newer_version_wins_in_any_order(runtime: Runtime[Any], order: tuple[int, ...]) -> None:
    async with runtime.database.read() as connection:
        for version in order:
            await copy(connection, [NoteMessage(id=ID, version=version, title=f"v{version}")])
        rows = (await connection.execute(sa.select(copies))).all()
    assert [tuple(row) for row in rows] == [(ID, 3, "v3")]


@pytest.mark.servers
async def test_a_column_may_be_kept_by_an_expression_instead(runtime: Runtime[Any]) -> None:
    statement = keep_newer(copies, {"title": copies.c.title + " again"})
    async with runtime.database.read() as connection:
        for version in (1, 2):
            await connection.execute(statement, {"id": ID, "version": version, "title": "as published"})
        title = await connection.scalar(sa.select(copies.c.title))
    assert title == "as published again"
