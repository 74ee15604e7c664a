"""Search's table of sub-categories says the same as the catalog's."""

import csv
from pathlib import Path

from search.domain.subcategories import EVENTS, GROUP_OF, SEARCH_GROUPS

_CATALOG = Path(__file__).parents[3] / "src/catalog/domain/subcategories.csv"


def test_groups_and_events_are_those_of_the_catalog() -> None:
    with _CATALOG.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))

    assert dict(GROUP_OF) == {row["id"]: row["search_group"] for row in rows}
    assert {row["id"] for row in rows if row["is_event"] == "true"} == EVENTS
    assert len(SEARCH_GROUPS) == len({row["search_group"] for row in rows}) - 1
