"""Relay connections by keyset: pages cost the same however far one reads."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import strawberry

from chassis.cursors import MAX_PAGE, InvalidCursor, encode_cursor, read_cursor
from chassis.graphql.errors import ApiError, ErrorCode

T = TypeVar("T")
R = TypeVar("R")


@strawberry.federation.type(shareable=True, description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    node: T
    cursor: str


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T]]
    page_info: PageInfo


def page_size(first: int) -> int:
    """`first` as asked, 1 to 100. Raises ApiError BAD_INPUT."""
    if not 1 <= first <= MAX_PAGE:
        raise ApiError(ErrorCode.BAD_INPUT, f"« first » doit être compris entre 1 et {MAX_PAGE}.")
    return first


def decode_cursor(after: str | None, *parsers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The sort keys in a cursor, each through its parser; None for the first page.

    Raises ApiError BAD_INPUT on anything that is not one of our cursors.
    """
    if after is None:
        return None
    try:
        return read_cursor(after, *parsers)
    except InvalidCursor:
        raise ApiError(ErrorCode.BAD_INPUT, "« after » n'est pas un curseur de cette liste.") from None


def page(
    rows: Sequence[R], first: int, *, node: Callable[[R], T], keys: Callable[[R], Sequence[Any]]
) -> Connection[T]:
    """A connection from up to `first + 1` rows: the extra row only says that there is more."""
    shown = rows[:first]
    edges = [Edge(node=node(row), cursor=encode_cursor(keys(row))) for row in shown]
    return Connection(
        edges=edges,
        page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=edges[-1].cursor if edges else None),
    )
