"""Pages by keyset: each row once, from the first page to the last."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from notebook.tables import notes

from chassis.cursors import encode_cursor
from chassis.graphql import ApiError, decode_cursor, page
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import TODAY, SubgraphClient

LIST = """
query ($first: Int!, $after: String) {
  notes(first: $first, after: $after) { edges { node { title } cursor } pageInfo { hasNextPage endCursor } }
}
"""


@given(st.text(), st.uuids(), st.none() | st.integers(-(2**53), 2**53))
def test_a_cursor_holds_the_keys_it_was_made_of(text: str, identifier: UUID, number: int | None) -> None:
    cursor = encode_cursor([text, identifier, number])
    assert decode_cursor(cursor, str, UUID, lambda key: key) == (text, identifier, number)


@given(st.text() | st.lists(st.none() | st.integers(-9, 9) | st.text(), max_size=3).map(encode_cursor))
def test_what_is_not_a_cursor_of_the_list_is_bad_input(cursor: str) -> None:
    with pytest.raises(ApiError) as refused:
        decode_cursor(cursor, UUID, UUID)
    assert refused.value.code == "BAD_INPUT"


def test_without_a_cursor_one_is_at_the_first_page() -> None:
    assert decode_cursor(None, UUID) is None


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 5))
def test_the_row_beyond_the_page_only_says_that_there_is_more(rows: list[int], first: int) -> None:
    shown = page(rows[: first + 1], first, node=lambda row: row, keys=lambda row: [row])
    assert [edge.node for edge in shown.edges] == rows[:first]
    assert shown.page_info.has_next_page == (len(rows) > first)
    assert shown.page_info.end_cursor == (shown.edges[-1].cursor if rows else None)


@pytest.mark.servers
@pytest.mark.parametrize("first", [1, 3, 7, 100])
async def test_reading_page_after_page_shows_each_row_once(
    first: int, notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    titles = [f"note {number:02}" for number in range(7)]
    rows = [
        {"id": new_id(), "version": 1, "title": title, "price_cents": 0, "written_at": TODAY}
        for title in titles
    ]
    await runtime.database.run(lambda connection: connection.execute(sa.insert(notes), rows))
    read: list[str] = []
    after = None
    while True:
        connection = (await notebook.data(LIST, {"first": first, "after": after}))["notes"]
        read += [edge["node"]["title"] for edge in connection["edges"]]
        after = connection["pageInfo"]["endCursor"]
        if not connection["pageInfo"]["hasNextPage"]:
            break
    assert read == titles


@pytest.mark.servers
async def test_an_empty_list_is_one_empty_page(notebook: SubgraphClient) -> None:
    assert await notebook.data(LIST, {"first": 20}) == {
        "notes": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    }
