"""Taking up the topics where one left off, even when the broker lost them meanwhile."""

from types import SimpleNamespace

from search.consumers.catching_up import CatchingUp
from search.state.store import LogPosition


def _record(offset: int, timestamp: int = 500) -> SimpleNamespace:
    return SimpleNamespace(offset=offset, timestamp=timestamp)


def _known(next_offset: int) -> dict[str, LogPosition]:
    return {"p": LogPosition("t", 0, next_offset, 500)}


def test_a_partition_never_read_is_read_from_its_beginning() -> None:
    catching_up = CatchingUp({"p": 3}, {"p": 9}, {})

    assert catching_up.seeks == {"p": 3}
    assert not catching_up.done
    catching_up.advance({"p": [_record(3), _record(7)]})
    assert not catching_up.done
    catching_up.advance({"p": [_record(8)]})
    assert catching_up.done


def test_an_empty_partition_is_caught_up_with_at_once() -> None:
    assert CatchingUp({"p": 4}, {"p": 4}, {}).done


def test_a_partition_read_before_is_taken_up_one_record_early() -> None:
    catching_up = CatchingUp({"p": 0}, {"p": 9}, _known(9))

    assert catching_up.seeks == {"p": 8}
    fetched = {"p": [_record(8)]}
    assert catching_up.replaced(fetched) == []
    catching_up.advance(fetched)
    assert catching_up.done


def test_a_log_shorter_than_what_was_read_is_another_log() -> None:
    assert CatchingUp({"p": 0}, {"p": 5}, _known(9)).seeks == {"p": 0}


def test_a_log_that_begins_after_what_was_read_is_read_from_there() -> None:
    assert CatchingUp({"p": 9}, {"p": 12}, _known(9)).seeks == {"p": 9}


def test_a_record_of_another_time_at_the_same_place_is_another_log() -> None:
    catching_up = CatchingUp({"p": 0}, {"p": 20}, _known(9))

    assert catching_up.replaced({"p": [_record(8, timestamp=777)]}) == ["p"]
    assert catching_up.replaced({"p": [_record(0, timestamp=777)]}) == [], "asked once"


def test_a_record_compacted_away_says_nothing() -> None:
    catching_up = CatchingUp({"p": 0}, {"p": 20}, _known(9))

    assert catching_up.replaced({"p": [_record(11, timestamp=777)]}) == []
