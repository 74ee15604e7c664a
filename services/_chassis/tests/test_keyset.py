"""A window of a statement is the same part of the list, whatever its sort keys."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.cursors import Window
from chassis.keyset import Order, windowed
from chassis.service import Runtime

pytestmark = pytest.mark.servers

ROWS = [(first, second, third) for first in (1, 2, 3) for second in (1, 2) for third in (1, 2, 3)]
_values = sa.values(
    sa.column("first", sa.Integer),
    sa.column("second", sa.Integer),
    sa.column("third", sa.Integer),
    name="rows",
).data(ROWS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    falling=st.lists(st.booleans(), min_size=3, max_size=3),
    size=st.integers(1, 20),
    after=st.none() | st.sampled_from(ROWS),
    before=st.none() | st.sampled_from(ROWS),
    from_end=st.booleans(),
)
async def test_a_window_is_the_slice_that_python_would_take(
    runtime: Runtime[Any], falling: list[bool], size: int, after: Any, before: Any, from_end: bool
) -> None:
    def position(row: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(-key if falls else key for key, falls in zip(row, falling, strict=True))

    ordered = sorted(ROWS, key=position)
    between = [
        row
        for row in ordered
        if (after is None or position(row) > position(after))
        and (before is None or position(row) < position(before))
    ]
    window = Window(size, after, before, from_end)
    orders = [Order(column, falls) for column, falls in zip(_values.c, falling, strict=True)]
    async with runtime.database.read() as connection:
        read = [tuple(row) for row in await connection.execute(windowed(sa.select(_values), window, *orders))]
    assert read == (between[::-1] if from_end else between)[: size + 1]


def test_keys_of_one_direction_are_one_comparison_of_rows() -> None:
    statement = windowed(
        sa.select(_values), Window(2, (1, 2)), Order(_values.c.first, True), Order(_values.c.second, True)
    )
    assert "(rows.first, rows.second) < " in str(statement)
