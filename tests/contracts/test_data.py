"""`docs/data.md` says of every column how sensitive it is and what protects it; the tables do as it says."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.at_rest import Sealed
from local_platform.paths import ROOT
from tests.contracts.services import CONTEXTS, service

TEXT = (ROOT / "docs/data.md").read_text()
EVERYWHERE = "In every context"
LEVELS = ("public", "internal", "personal", "secret")
PROTECTIONS = ("sealed", "sealed on the way", "digest", "clear")


class Listed(NamedTuple):
    """A line of the page: columns of one table that are treated alike."""

    table: str
    columns: Sequence[str]
    level: str
    protection: str
    kept: str

    @property
    def kind(self) -> str:
        return self.protection.partition(":")[0]

    @property
    def reason(self) -> str:
        return self.protection.partition(":")[2].strip()


def _listed(heading: str) -> list[Listed]:
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", section[1], re.MULTILINE)
    return [Listed(table, columns.split(", "), *rest) for table, columns, *rest in rows]


METADATA = {EVERYWHERE: tables.METADATA, **{context: service(context).tables for context in CONTEXTS}}
LISTED = {heading: _listed(heading) for heading in METADATA}
EACH = [
    pytest.param(heading, row, id=f"{heading}-{row.table}-{row.columns[0]}")
    for heading, rows in LISTED.items()
    for row in rows
]


@pytest.mark.parametrize("heading", METADATA)
def test_every_column_of_every_table_has_one_place(heading: str) -> None:
    found = Counter((row.table, name) for row in LISTED[heading] for name in row.columns)
    there = Counter(
        (table.name, column.name) for table in METADATA[heading].tables.values() for column in table.c
    )
    assert there, heading
    assert found == there


@pytest.mark.parametrize(("heading", "row"), EACH)
def test_a_column_is_protected_as_it_says(heading: str, row: Listed) -> None:
    assert row.level in LEVELS
    assert row.kind in PROTECTIONS
    assert row.kept
    for name in row.columns:
        column: sa.Column[object] = METADATA[heading].tables[row.table].c[name]
        assert isinstance(column.type, Sealed) == (row.kind == "sealed"), name
        if isinstance(column.type, Sealed):
            assert column.type.column == f"{row.table}.{name}", "a seal is bound to where it stands"
            own = [key.name for key in column.table.primary_key]
            assert column.type.row == "person_id" or own == [column.type.row], "or whose the row is"


@pytest.mark.parametrize(("heading", "row"), EACH)
def test_what_is_personal_or_secret_and_not_sealed_says_why(heading: str, row: Listed) -> None:
    lies_open = row.kind == "clear" and row.level in ("personal", "secret")
    assert row.reason or not lies_open


def test_a_column_that_sounds_personal_is_not_called_internal() -> None:
    """Whoever adds a name, an address or an account thinks about it."""
    sounds = re.compile(r"first_name|last_name|birth|phone|e_?mail|iban|\bbic|password|token|document")
    quiet = {"email_confirmed_at"}
    assert [
        f"{heading}.{row.table}.{name}"
        for heading, rows in LISTED.items()
        for row in rows
        for name in row.columns
        if row.level in ("public", "internal") and sounds.search(name) and name not in quiet
    ] == []


def test_every_key_is_in_the_inventory() -> None:
    """Every key that a context is configured with, each with the algorithm, the holder, the use and the change."""
    configured = {
        f"PASS_{name.upper()}"
        for context in CONTEXTS
        for name in service(context).settings.model_fields
        if name.endswith("_key")
    }
    assert {"PASS_STORAGE_KEY", "PASS_SEALING_KEY", "PASS_SIGNING_KEY"} <= configured
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT.partition("\n## Keys\n")[2], re.MULTILINE
    )
    listed = {name for what, *_ in rows for name in re.findall(r"`(PASS_\w+)`", what)}
    assert configured <= listed
