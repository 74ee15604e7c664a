"""A column is named once: by the record's field."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from notebook.notes import Note
from notebook.tables import copies, notes

from chassis.records import columns, names, parameters


def test_the_columns_of_a_record_come_in_its_order() -> None:
    assert [column.name for column in columns(notes, Note)] == list(names(Note))


def test_a_field_that_is_no_column_is_found_at_import() -> None:
    with pytest.raises(KeyError):
        columns(copies, Note)


def test_a_record_is_the_parameters_of_its_insert() -> None:
    @dataclass(frozen=True, slots=True)
    class Copy:
        id: UUID
        version: int
        title: str

    copy = Copy(UUID(int=1), 2, "Une note")
    assert parameters(copy) == {"id": UUID(int=1), "version": 2, "title": "Une note"}
    assert Copy(**parameters(copy)) == copy
