from datetime import UTC, datetime, timedelta

from catalog.domain.subcategories import GONE, LATER, SUBCATEGORIES
from catalog.domain.taxonomy import TAXONOMY


def test_ten_families_and_nineteen_types_become_fourteen_categories_and_67_subcategories():
    first = datetime(2021, 6, 30, 22, tzinfo=UTC)
    before, after = TAXONOMY.at(first - timedelta(microseconds=1)), TAXONOMY.at(first)
    assert (len(before.families), len(before.entries)) == (10, 19)
    assert (len(after.families), len(after.entries)) == (14, 67)


def test_67_become_73():
    first = datetime(2024, 10, 14, 22, tzinfo=UTC)
    before, after = TAXONOMY.at(first - timedelta(microseconds=1)), TAXONOMY.at(first)
    assert set(after.entries) - set(before.entries) == LATER
    assert set(before.entries) - set(after.entries) == GONE
    assert (len(after.families), len(after.entries)) == (15, 73)
    assert set(before.entries) | set(after.entries) == set(SUBCATEGORIES)
