"""Each row of domain.md §5.2 and §8 for finance: the last instant before it and the first instant of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from finance.domain.announced import ANNOUNCEMENT, TRANSFER_DELAY
from finance.domain.bareme import BAREME, BAREME_WITHOUT_DEGRESSIVE_RATES, Counted, Scope
from finance.domain.calendar import LABELLING, LabelledBy
from finance.domain.judging import JUDGED_ON, PIPELINE, JudgedOn, Pipeline
from finance.domain.subcategories import FAMILIES, Family, UnknownSubcategory, family

MOMENT = timedelta(microseconds=1)
STANDARD, BOOK = Family.STANDARD, Family.BOOK


def paris_winter(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)


def paris_summer(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=2)


def rate_percent(at: datetime, counter_euros: int, of: Family = STANDARD, table=BAREME) -> float:
    return table.at(at).rate_bp(of, counter_euros * 100) / 100


def test_2018_08_a_hundred_percent_up_to_23_000_per_structure_for_ever():
    august_2018 = datetime(2018, 8, 1, tzinfo=UTC)
    assert rate_percent(august_2018, 23_000) == 100
    assert rate_percent(august_2018, 23_001) == 0
    assert rate_percent(august_2018, 23_001, BOOK) == 0
    assert rate_percent(august_2018, 1, Family.NOT_REIMBURSED) == 0
    assert BAREME.at(august_2018).counter == (Scope.STRUCTURE, Counted.EVERY_INDIVIDUAL)


def test_2019_03_27_cap_of_20_000():
    change = paris_winter(2019, 3, 27)
    assert rate_percent(change - MOMENT, 20_001) == 100
    assert rate_percent(change, 20_000) == 100
    assert rate_percent(change, 20_001) == 0


def test_2019_03_27_ebooks_are_reimbursed():
    change = paris_winter(2019, 3, 27)
    for ebook in ("LIVRE_NUMERIQUE", "ABO_LIVRE_NUMERIQUE"):
        assert family(ebook, change - MOMENT) is Family.NOT_REIMBURSED
        assert family(ebook, change) is BOOK
    assert family("LIVRE_PAPIER", change - MOMENT) is BOOK
    assert family("TELECHARGEMENT_LIVRE_AUDIO", change) is Family.NOT_REIMBURSED


def test_2019_06_04_online_things_leave_the_counters():
    change = paris_summer(2019, 6, 4)
    assert BAREME.at(change - MOMENT).counter.counted is Counted.EVERY_INDIVIDUAL
    assert BAREME.at(change).counter == (Scope.STRUCTURE, Counted.REIMBURSABLE)


def test_2019_08_21_degressive_per_venue():
    change = paris_summer(2019, 8, 21)
    assert rate_percent(change - MOMENT, 20_001) == 0
    assert [rate_percent(change, euros) for euros in (20_000, 20_001, 40_000, 40_001, 100_000, 100_001)] == [
        *(100, 95, 95, 85, 85, 65)
    ]
    assert [rate_percent(change, euros, BOOK) for euros in (20_000, 20_001, 500_000)] == [100, 95, 95]
    assert BAREME.at(change - MOMENT).counter.scope is Scope.STRUCTURE
    assert BAREME.at(change).counter == (Scope.VENUE, Counted.REIMBURSABLE)


def test_2019_09_16_the_counter_restarts_each_civil_year():
    change = paris_summer(2019, 9, 16)
    assert BAREME.at(change - MOMENT).counter.scope is Scope.VENUE
    assert BAREME.at(change).counter == (Scope.VENUE_YEAR, Counted.REIMBURSABLE)


def test_2020_09_08_from_65_to_70_percent():
    change = paris_summer(2020, 9, 8)
    assert rate_percent(change - MOMENT, 100_001) == 65
    assert rate_percent(change, 100_001) == 70
    assert rate_percent(change, 100_000) == 85


def test_2020_10_06_threshold_of_150_000():
    change = paris_summer(2020, 10, 6)
    assert rate_percent(change - MOMENT, 150_000) == 70
    assert rate_percent(change, 150_000) == 85
    assert rate_percent(change, 150_001) == 70


def test_2021_01_the_cap_per_structure_is_gone_where_it_still_stood():
    change = paris_winter(2021, 1, 1)
    assert rate_percent(change - MOMENT, 20_001, table=BAREME_WITHOUT_DEGRESSIVE_RATES) == 0
    assert rate_percent(change, 20_001, table=BAREME_WITHOUT_DEGRESSIVE_RATES) == 95
    assert BAREME.at(change - MOMENT) == BAREME.at(change)


def test_2021_08_18_judged_on_the_date_of_use():
    change = paris_summer(2021, 8, 18)
    assert JUDGED_ON.at(change - MOMENT) is JudgedOn.CREATED_AT
    assert JUDGED_ON.at(change) is JudgedOn.USED_AT


def test_2021_09_01_92_and_90_percent():
    change = paris_summer(2021, 9, 1)
    assert change == datetime(2021, 8, 31, 22, tzinfo=UTC)
    assert [rate_percent(change - MOMENT, euros) for euros in (40_001, 150_001)] == [85, 70]
    assert [rate_percent(change, euros) for euros in (40_000, 40_001, 150_000, 150_001)] == [95, 92, 92, 90]
    assert rate_percent(change, 150_001, BOOK) == 95


def test_2021_09_28_distance_selling_tickets_are_standard():
    change = paris_summer(2021, 9, 28)
    for ticket in ("CINE_VENTE_DISTANCE", "MUSEE_VENTE_DISTANCE"):
        assert family(ticket, change - MOMENT) is Family.NOT_REIMBURSED
        assert family(ticket, change) is STANDARD


def test_2022_counter_per_pricing_point_and_paris_year_with_everything_in_it():
    change = paris_winter(2022, 1, 1)
    assert BAREME.at(change - MOMENT).counter == (Scope.VENUE_YEAR, Counted.REIMBURSABLE)
    assert BAREME.at(change).counter == (Scope.PRICING_POINT_YEAR, Counted.EVERY_INDIVIDUAL)
    assert BAREME.at(change).standard == BAREME.at(change - MOMENT).standard


def test_2022_pricings_instead_of_payments():
    change = paris_winter(2022, 1, 1)
    assert PIPELINE.at(change - MOMENT) is Pipeline.PAYMENTS
    assert PIPELINE.at(change) is Pipeline.PRICINGS


def test_2022_the_fortnight_paid_names_the_transfer():
    change = paris_winter(2022, 1, 1)
    assert LABELLING.at(change - MOMENT) is LabelledBy.RUN_DATE
    assert LABELLING.at(change) is LabelledBy.PERIOD


def test_2024_transfers_every_two_to_three_weeks():
    change = paris_winter(2024, 1, 1)
    assert TRANSFER_DELAY.at(change - MOMENT) == (0, 15)
    assert TRANSFER_DELAY.at(change) == (14, 21)


def test_what_was_announced_is_kept_beside_what_was_done():
    december_2018, december_2021 = paris_winter(2018, 12, 1), paris_winter(2021, 12, 1)
    assert "livres numériques" in ANNOUNCEMENT.at(december_2018 - MOMENT)
    assert "à 100 %" in ANNOUNCEMENT.at(december_2018)
    assert "à 100 %" in ANNOUNCEMENT.at(december_2021 - MOMENT)
    assert "20 000 € par établissement" in ANNOUNCEMENT.at(december_2021)


@pytest.mark.parametrize(
    "table",
    [
        *(BAREME, BAREME_WITHOUT_DEGRESSIVE_RATES, FAMILIES, JUDGED_ON, PIPELINE),
        *(LABELLING, TRANSFER_DELAY, ANNOUNCEMENT),
    ],
    ids=lambda table: table.name,
)
def test_no_instant_without_exactly_one_row(table):
    """Periods follow each other without a gap, from the beginning to no end; each has its source."""
    periods = list(table.periods())
    assert periods[0][0] == datetime(1, 1, 1, tzinfo=UTC)
    assert periods[-1][1] is None
    for (_, end, _), (start, _, _) in pairwise(periods):
        assert end == start
    for start, end, edition in periods:
        assert table.row_at(start) is edition
        assert end is None or table.row_at(end - MOMENT) is edition
        assert "domain.md" in edition.source


def test_an_unknown_subcategory_is_never_guessed():
    with pytest.raises(UnknownSubcategory, match="TROTTINETTE"):
        family("TROTTINETTE", datetime(2026, 1, 1, tzinfo=UTC))


def test_the_families_of_today():
    today = FAMILIES.rows[-1].value
    counted = {of: sum(1 for value in today.values() if value is of) for of in Family}
    assert counted == {Family.STANDARD: 52, Family.BOOK: 3, Family.NOT_REIMBURSED: 20}
