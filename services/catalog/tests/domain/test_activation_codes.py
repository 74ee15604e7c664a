from datetime import UTC, datetime

from catalog.domain.activation_codes import check_activation_codes, quantity_of
from catalog.domain.refusals.stock import CodesExpireTooEarly, CodesNeedBookingLimit, CodesNeedDigitalOffer

LIMIT = datetime(2021, 12, 1, tzinfo=UTC)
WEEK_LATER = datetime(2021, 12, 8, tzinfo=UTC)


def test_E88_codes_outlive_the_booking_limit_by_seven_days():
    assert check_activation_codes(is_digital=True, booking_limit_at=LIMIT, expires_at=WEEK_LATER) is None
    early = datetime(2021, 12, 7, 23, 59, tzinfo=UTC)
    refusal = check_activation_codes(is_digital=True, booking_limit_at=LIMIT, expires_at=early)
    assert refusal == CodesExpireTooEarly(WEEK_LATER)


def test_codes_need_a_digital_offer_and_a_limit_when_they_expire():
    def check(**facts):
        return check_activation_codes(**facts)

    assert check(is_digital=False, booking_limit_at=LIMIT, expires_at=None) == CodesNeedDigitalOffer()
    assert check(is_digital=True, booking_limit_at=None, expires_at=None) is None
    assert check(is_digital=True, booking_limit_at=None, expires_at=WEEK_LATER) == CodesNeedBookingLimit()


def test_as_many_places_as_distinct_codes():
    assert quantity_of(["A", "B", "A"]) == 2
