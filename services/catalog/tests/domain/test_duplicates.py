from datetime import UTC, datetime, timedelta

from catalog.domain.duplicates import check_ean
from catalog.domain.refusals.offer import EanAlreadyOffered

EAN = "9782070360024"
FIRST = datetime(2023, 12, 31, 23, tzinfo=UTC)


def test_V04_a_second_active_offer_of_one_ean_is_refused_since_2024():
    assert check_ean(EAN, True, FIRST) == EanAlreadyOffered(EAN)
    assert check_ean(EAN, True, FIRST - timedelta(microseconds=1)) is None


def test_V04_the_first_and_those_without_a_number_are_not():
    assert check_ean(EAN, False, FIRST) is None
    assert check_ean(None, True, FIRST) is None
