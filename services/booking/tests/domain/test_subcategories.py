"""The small table of booking agrees with the national list of sub-categories."""

import csv
from pathlib import Path

from booking.domain.subcategories import SUBCATEGORIES, Deposit, MinorsMayBook, subcategory_of

ROWS = list(csv.DictReader(Path(__file__).with_name("subcategories.csv").open(encoding="utf-8")))


def test_all_75_with_their_flags() -> None:
    assert len(ROWS) == len(SUBCATEGORIES) == 75
    for row in ROWS:
        kind = SUBCATEGORIES[row["id"]]
        flags = (kind.is_event, kind.can_expire, kind.can_be_duo)
        assert flags == tuple(row[name] == "true" for name in ("is_event", "can_expire", "can_be_duo"))
        assert (kind.deposit is Deposit.DIGITAL) == (row["is_digital_deposit"] == "true")
        assert (kind.deposit is Deposit.PHYSICAL) == (row["is_physical_deposit"] == "true")


def test_the_cap_depends_on_the_medium_too() -> None:
    assert subcategory_of("VOD").capped_deposit(has_url=True) is Deposit.DIGITAL
    assert subcategory_of("VOD").capped_deposit(has_url=False) is Deposit.NONE
    assert subcategory_of("LIVRE_PAPIER").capped_deposit(has_url=False) is Deposit.PHYSICAL
    assert subcategory_of("LIVRE_PAPIER").capped_deposit(has_url=True) is Deposit.NONE
    assert subcategory_of("CONCERT").capped_deposit(has_url=False) is Deposit.NONE


def test_what_minors_may_book() -> None:
    closed = {kind.id for kind in SUBCATEGORIES.values() if kind.minors is MinorsMayBook.NOTHING}
    assert closed == {"ABO_JEU_VIDEO", "ABO_LUDOTHEQUE", "JEU_EN_LIGNE", "JEU_SUPPORT_PHYSIQUE"}
