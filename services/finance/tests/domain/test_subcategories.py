"""Which family of the barème a sub-category belongs to (domain.md §3.1, §5.2)."""

from datetime import UTC, datetime

import pytest

from finance.domain.subcategories import SUBCATEGORIES, Family, UnknownSubcategory, family

TODAY = datetime(2026, 11, 22, tzinfo=UTC)

STANDARD, NOT_REIMBURSED = Family.STANDARD, Family.NOT_REIMBURSED


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        ("CARTE_JEUNES", STANDARD),
        ("FESTIVAL_ART_VISUEL", STANDARD),
        ("LIVESTREAM_PRATIQUE_ARTISTIQUE", STANDARD),
        ("PLATEFORME_PRATIQUE_ARTISTIQUE", NOT_REIMBURSED),
        ("PRATIQUE_ART_VENTE_DISTANCE", STANDARD),
        ("SPECTACLE_VENTE_DISTANCE", STANDARD),
        ("SUPPORT_PHYSIQUE_MUSIQUE_CD", STANDARD),
        ("SUPPORT_PHYSIQUE_MUSIQUE_VINYLE", STANDARD),
    ],
)
def test_F15_the_eight_newer_sub_categories_are_priced(newer: str, expected: Family) -> None:
    assert family(newer, TODAY) is expected


def test_F15_there_are_75_of_all_editions() -> None:
    assert len(SUBCATEGORIES) == 75


@pytest.mark.parametrize("name", ["", "CD", "concert", "SUPPORT_PHYSIQUE_MUSIQUE_K7"])
def test_an_unknown_one_is_never_guessed(name: str) -> None:
    with pytest.raises(UnknownSubcategory):
        family(name, TODAY)
