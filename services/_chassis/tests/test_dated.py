"""A dated table gives exactly one row for every instant from its first row on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.dated import BEGINNING, DatedTable, NoRuleInForce, midnight, row

MICROSECOND = timedelta(microseconds=1)
INSTANTS = st.datetimes(timezones=st.just(UTC))
TABLES = st.lists(INSTANTS, min_size=1, max_size=6, unique=True).map(
    lambda starts: DatedTable(
        "rule", "day", tuple(row(start, number, source="§") for number, start in enumerate(sorted(starts)))
    )
)


@given(TABLES, INSTANTS)
def test_every_instant_from_the_first_row_on_has_exactly_one_row(
    table: DatedTable[int], instant: datetime
) -> None:
    holding = [
        edition
        for start, end, edition in table.periods()
        if start <= instant and (end is None or instant < end)
    ]
    if instant < table.rows[0].valid_from:
        assert holding == []
        with pytest.raises(NoRuleInForce):
            table.at(instant)
    else:
        assert holding == [table.row_at(instant)]


@given(TABLES)
def test_a_row_holds_from_its_first_instant_to_the_last_before_the_next(table: DatedTable[int]) -> None:
    periods = list(table.periods())
    assert [edition for _, _, edition in periods] == list(table.rows)
    for start, end, edition in periods:
        assert table.at(start) == edition.value
        if end is not None:
            assert table.at(end - MICROSECOND) == edition.value
            assert table.at(end) == edition.value + 1


def test_a_rule_older_than_the_platform_is_always_in_force() -> None:
    table = DatedTable("rule", "day", (row(BEGINNING, 1, source="§"),))
    assert table.at(datetime.min.replace(tzinfo=UTC)) == 1


def test_a_table_is_not_empty_and_its_rows_are_in_order() -> None:
    first = row(midnight("Europe/Paris", 2021, 5, 21), 300, source="§8")
    with pytest.raises(ValueError, match="at least one row"):
        DatedTable("credit", "grant date", ())
    with pytest.raises(ValueError, match="growing valid_from"):
        DatedTable("credit", "grant date", (first, first))


def test_naive_datetimes_are_refused() -> None:
    naive = datetime(2021, 5, 21)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        row(naive, 300, source="§8")
    with pytest.raises(ValueError, match="grant date must be an aware datetime"):
        DatedTable("credit", "grant date", (row(BEGINNING, 1, source="§"),)).at(naive)


def test_midnight_is_the_zones_own() -> None:
    assert midnight("Europe/Paris", 2021, 5, 21) == datetime(2021, 5, 20, 22, tzinfo=UTC)
    assert midnight("Pacific/Noumea", 2021, 5, 21) == datetime(2021, 5, 20, 13, tzinfo=UTC)


def test_a_row_remembers_the_line_that_holds_it() -> None:
    here = row(BEGINNING, 1, source="§1")
    file, _, line = here.location.rpartition(":")
    assert Path(file).name == "test_dated.py"
    assert 'source="§1"' in Path(file).read_text().splitlines()[int(line) - 1]
