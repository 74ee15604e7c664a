"""Pages of a statement by its sort keys: as fast on the last page as on the first, and true while rows come and go."""

from dataclasses import dataclass
from operator import gt, lt
from typing import Any, TypeVar

import sqlalchemy as sa

from chassis.cursors import Window

S = TypeVar("S", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key. The keys of a list together tell any two of its rows apart, and none is ever null."""

    column: sa.ColumnElement[Any]
    descending: bool = False


def windowed(statement: sa.Select[Any], window: Window, *orders: Order) -> sa.Select[Any]:
    """`statement` in the order of `orders`, cut to the window and one row more.

    For a window from the end the rows come in the opposite order: `page` turns them round.
    """
    if window.after is not None:
        statement = statement.where(_beyond(orders, window.after, backwards=False))
    if window.before is not None:
        statement = statement.where(_beyond(orders, window.before, backwards=True))
    by = (
        order.column.desc() if order.descending != window.from_end else order.column.asc() for order in orders
    )
    return statement.order_by(*by).limit(window.limit)


def _beyond(orders: tuple[Order, ...], keys: tuple[Any, ...], *, backwards: bool) -> sa.ColumnElement[bool]:
    """Rows after (or before) the one with these keys."""
    falling = {order.descending != backwards for order in orders}
    columns = [order.column for order in orders]
    values = [sa.literal(key, column.type) for key, column in zip(keys, columns, strict=True)]
    if len(falling) == 1:  # one comparison of rows, which an index on the same columns answers
        compare = lt if falling.pop() else gt
        if len(columns) == 1:
            return compare(columns[0], values[0])  # type: ignore[no-any-return]
        return compare(sa.tuple_(*columns), sa.tuple_(*values))  # type: ignore[no-any-return]
    alternatives = []
    for position, order in enumerate(orders):
        compare = lt if order.descending != backwards else gt
        same = [columns[earlier] == values[earlier] for earlier in range(position)]
        alternatives.append(sa.and_(*same, compare(order.column, values[position])))
    return sa.or_(*alternatives)
