"""Pages by keyset: each row once, from the first page to the last."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from notebook.tables import notes

from chassis.cursors import Window, encode_cursor
from chassis.graphql import ApiError, decode_cursor, page, window
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import TODAY, SubgraphClient

LIST = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  notes(first: $first, after: $after, last: $last, before: $before) {
    edges { node { title } cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def seven_notes(runtime: Runtime[Any]) -> list[str]:
    """Their titles, in order."""
    titles = [f"note {number:02}" for number in range(7)]
    rows = [
        {"id": new_id(), "version": 1, "title": title, "price_cents": 0, "written_at": TODAY}
        for title in titles
    ]
    await runtime.database.run(lambda connection: connection.execute(sa.insert(notes), rows))
    return titles


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


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 5), st.booleans())
def test_the_row_beyond_the_page_only_says_that_there_is_more(
    rows: list[int], size: int, from_end: bool
) -> None:
    asked = Window(size, from_end=from_end)
    read = (rows[::-1] if from_end else rows)[: asked.limit]
    shown = page(read, asked, node=lambda row: row, keys=lambda row: [row])
    expected = rows[-size:] if from_end else rows[:size]
    info = shown.page_info
    assert [edge.node for edge in shown.edges] == expected
    assert (info.has_previous_page if from_end else info.has_next_page) == (len(rows) > size)
    assert not (info.has_next_page if from_end else info.has_previous_page)
    assert info.start_cursor == (shown.edges[0].cursor if rows else None)
    assert info.end_cursor == (shown.edges[-1].cursor if rows else None)


@pytest.mark.parametrize(
    "asked", [(0, None), (101, None), (None, 0), (None, 101), (-1, None), (3, 3)], ids=str
)
def test_a_number_of_rows_out_of_bounds_or_from_both_ends_is_bad_input(
    asked: tuple[int | None, int | None],
) -> None:
    with pytest.raises(ApiError) as refused:
        window(asked[0], None, asked[1], None, str)
    assert refused.value.code == "BAD_INPUT"


def test_who_says_nothing_gets_the_first_twenty() -> None:
    assert window(None, None, None, None, str) == Window(20)
    cursor = encode_cursor(["a"])
    assert window(None, cursor, 5, cursor, str) == Window(5, ("a",), ("a",), from_end=True)


@pytest.mark.servers
@pytest.mark.parametrize("first", [1, 3, 7, 100])
async def test_reading_page_after_page_shows_each_row_once(
    first: int, notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    titles = await seven_notes(runtime)
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
        "notes": {
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }
    }


@pytest.mark.servers
async def test_reading_from_the_end_shows_each_row_once_and_each_page_in_the_lists_order(
    notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    titles = await seven_notes(runtime)
    read: list[str] = []
    before = None
    while True:
        shown = (await notebook.data(LIST, {"last": 3, "before": before}))["notes"]
        read = [edge["node"]["title"] for edge in shown["edges"]] + read
        assert shown["pageInfo"]["hasNextPage"] is (before is not None)
        before = shown["pageInfo"]["startCursor"]
        if not shown["pageInfo"]["hasPreviousPage"]:
            break
    assert read == titles


@pytest.mark.servers
async def test_a_page_may_be_bounded_on_both_sides(notebook: SubgraphClient, runtime: Runtime[Any]) -> None:
    titles = await seven_notes(runtime)
    bounds = {"after": encode_cursor([titles[1]]), "before": encode_cursor([titles[5]])}
    for asked, expected in (({"first": 2}, titles[2:4]), ({"last": 2}, titles[3:5]), ({}, titles[2:5])):
        shown = (await notebook.data(LIST, {**bounds, **asked}))["notes"]
        assert [edge["node"]["title"] for edge in shown["edges"]] == expected
