"""Relay connections by keyset, in both directions: pages cost the same however far one reads.

A list is a field with `first`, `after`, `last`, `before`; `window` reads them, `chassis.keyset.windowed`
cuts the statement, `page` makes the connection:

    async def notes(self, info: Info, first: First = None, after: After = None,
                    last: Last = None, before: Before = None) -> Connection[Note]:
        asked = window(first, after, last, before, str)
        rows = await persistence.notes(connection, asked)
        return page(rows, asked, node=Note.of, keys=lambda row: [row.title])
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from chassis.cursors import DEFAULT_PAGE, MAX_PAGE, InvalidCursor, Window, encode_cursor, read_cursor
from chassis.graphql.errors import ApiError, ErrorCode

T = TypeVar("T")
R = TypeVar("R")


@strawberry.federation.type(shareable=True, description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    node: T
    cursor: str


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T]]
    page_info: PageInfo


First = Annotated[
    int | None,
    strawberry.argument(description=f"How many, from the start; 1 to {MAX_PAGE}, else {DEFAULT_PAGE}."),
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description=f"How many, from the end; 1 to {MAX_PAGE}. Not with `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


def window(
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    *parsers: Callable[[Any], Any],
) -> Window:
    """The part of a list that is asked for; `parsers` read the sort keys of its cursors.

    The first 20 when no number is given. Raises ApiError BAD_INPUT.
    """
    if first is not None and last is not None:
        raise ApiError(ErrorCode.BAD_INPUT, "« first » et « last » ne se demandent pas ensemble.")
    return Window(
        size=page_size(last, "last")
        if last is not None
        else page_size(DEFAULT_PAGE if first is None else first),
        after=decode_cursor(after, *parsers),
        before=decode_cursor(before, *parsers, name="before"),
        from_end=last is not None,
    )


def page_size(asked: int, name: str = "first") -> int:
    """`asked` when it is 1 to 100. Raises ApiError BAD_INPUT."""
    if not 1 <= asked <= MAX_PAGE:
        raise ApiError(ErrorCode.BAD_INPUT, f"« {name} » doit être compris entre 1 et {MAX_PAGE}.")
    return asked


def decode_cursor(
    cursor: str | None, *parsers: Callable[[Any], Any], name: str = "after"
) -> tuple[Any, ...] | None:
    """The sort keys in a cursor, each through its parser; None without one.

    Raises ApiError BAD_INPUT on anything that is not one of our cursors.
    """
    if cursor is None:
        return None
    try:
        return read_cursor(cursor, *parsers)
    except InvalidCursor:
        raise ApiError(ErrorCode.BAD_INPUT, f"« {name} » n'est pas un curseur de cette liste.") from None


def page(
    rows: Sequence[R], asked: Window | int, *, node: Callable[[R], T], keys: Callable[[R], Sequence[Any]]
) -> Connection[T]:
    """A connection from the rows of `windowed`: up to one more than asked, which says that there is more.

    On the side of a cursor there is more because its row is there; whether there still is one is not asked.
    """
    window = asked if isinstance(asked, Window) else Window(asked)
    shown = rows[: window.size]
    if window.from_end:
        shown = shown[::-1]
    return connection_of(shown, window, more=len(rows) > window.size, node=node, keys=keys)


def connection_of(
    shown: Sequence[R],
    window: Window,
    *,
    more: bool,
    node: Callable[[R], T],
    keys: Callable[[R], Sequence[Any]],
) -> Connection[T]:
    """A connection from a page in the list's own order; `more`: whether it goes on in the direction asked."""
    edges = [Edge(node=node(row), cursor=encode_cursor(keys(row))) for row in shown]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=window.before is not None if window.from_end else more,
            has_previous_page=more if window.from_end else window.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )
