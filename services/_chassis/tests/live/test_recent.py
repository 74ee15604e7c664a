"""What was missed is told from memory, or known not to be known: never a gap between the two."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.live.positions import Cursor, NotACursor, Partition
from chassis.live.recent import Recent

P0, P1 = ("topic", 0), ("topic", 1)
LATER = 60.0


def a_while_later(**offsets: int) -> Cursor:
    return Cursor(time.time() + LATER, {("topic", int(name[1:])): offset for name, offset in offsets.items()})


def begun(capacity: int = 100, **offsets: int) -> Recent:
    recent = Recent(capacity)
    recent.begin({("topic", int(name[1:])): offset for name, offset in offsets.items()})
    return recent


def test_what_came_since_the_cursor_is_told_once_each_oldest_first() -> None:
    recent = begun(p0=10, p1=5)
    for partition, offset, id_ in ((P0, 10, 1), (P1, 5, 2), (P0, 11, 3), (P0, 12, 2), (P1, 6, 4)):
        recent.keep(partition, offset, UUID(int=id_), "me")
    recent.keep(P0, 13, UUID(int=9), "another")
    assert recent.missed(a_while_later(p0=11, p1=5), "me") == [UUID(int=n) for n in (2, 3, 4)]
    assert recent.missed(a_while_later(p0=14, p1=7), "me") == []
    assert recent.missed(a_while_later(p0=13, p1=7), "nobody") == []


def test_a_cursor_from_before_reading_began_is_not_known_here() -> None:
    recent = begun(p0=10, p1=5)
    assert recent.missed(a_while_later(p0=9, p1=5), "me") is None
    assert recent.missed(a_while_later(p0=10), "me") is None
    assert recent.missed(a_while_later(p0=10, p1=5), "me") == []


def test_what_was_forgotten_is_not_known_here() -> None:
    recent = begun(capacity=3, p0=0)
    for offset in range(5):
        recent.keep(P0, offset, UUID(int=offset), offset % 2)
    assert recent.missed(a_while_later(p0=1), 0) is None
    assert recent.missed(a_while_later(p0=2), 0) == [UUID(int=2), UUID(int=4)]


def test_offsets_of_a_broker_that_counts_from_zero_again_are_not_believed() -> None:
    recent = Recent()
    recent.begin({P0: 0})
    assert recent.missed(Cursor(time.time() - LATER, {P0: 700}), "me") is None


@given(
    st.lists(st.tuples(st.sampled_from([P0, P1]), st.integers(1, 5), st.sampled_from("ab")), max_size=40),
    st.integers(0, 40),
    st.integers(1, 12),
)
def test_nothing_is_missed_at_whatever_moment_one_left(
    changes: list[tuple[Partition, int, str]], left_after: int, capacity: int
) -> None:
    """Told from memory or all from the database: whatever changed after one left is among it."""
    recent = begun(capacity, p0=0, p1=0)
    offsets = {P0: 0, P1: 0}
    cursor, since = None, set()
    for number, (partition, id_, channel) in enumerate(changes):
        if number == left_after:
            cursor = Cursor(time.time() + LATER, dict(offsets))
        if cursor is not None and channel == "a":
            since.add(UUID(int=id_))
        recent.keep(partition, offsets[partition], UUID(int=id_), channel)
        offsets[partition] += 1
    missed = recent.missed(cursor or Cursor(time.time() + LATER, dict(offsets)), "a")
    assert missed is None or set(missed) == since


def test_a_cursor_comes_back_as_it_was_made() -> None:
    cursor = Cursor(1_700_000_000.25, {("a.b.v1", 0): 3, ("a.b.v1", 2): 0, ("a.c.v1", 1): 2**40})
    assert Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize(
    "text", ["", "x", "é", "bnVsbA", "W10", "WzEsMl0", "WzEsIHsiYSI6IHsiMCI6ICJ4In19XQ", "=" * 9]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(NotACursor):
        Cursor.decode(text)
