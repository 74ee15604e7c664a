"""Ids and instants have one JSON form, wherever they came from."""

from datetime import date, datetime, timedelta, timezone

import pytest
from asyncpg.pgproto import pgproto

from chassis.encoding import to_json
from chassis.ids import new_id

NAIVE = datetime(2026, 11, 22)  # noqa: DTZ001


def test_an_id_read_from_the_database_is_written_like_any_other() -> None:
    identifier = new_id()
    assert to_json({"id": pgproto.UUID(str(identifier))}) == to_json({"id": identifier})


def test_an_instant_is_written_in_utc_with_z() -> None:
    paris = timezone(timedelta(hours=1))
    assert to_json(datetime(2026, 11, 22, 11, tzinfo=paris)) == b'"2026-11-22T10:00:00Z"'
    assert to_json(date(2026, 11, 22)) == b'"2026-11-22"'


def test_keys_can_be_sorted_so_that_equal_values_have_equal_texts() -> None:
    assert to_json({"b": {"d": 1, "c": 2}, "a": 3}, sorted_keys=True) == b'{"a":3,"b":{"c":2,"d":1}}'


@pytest.mark.parametrize(
    "value", [object(), 2**64, {1: 2}, b"bytes", NAIVE], ids=lambda value: type(value).__name__
)
def test_what_has_no_json_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)
