from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.domain.bareme import BAREME_WITHOUT_DEGRESSIVE_RATES
from finance.domain.bookings import KindOfMoney, kind_of_money
from finance.domain.custom_rules import CustomRule, CustomRules, TargetKind
from finance.domain.judging import JudgedOn
from finance.domain.pricing import Pricer, Rule, price_all
from finance.domain.subcategories import SUBCATEGORIES, UnknownSubcategory

OTHER_VENUE, OTHER_STRUCTURE, OFFER = UUID(int=12), UUID(int=23), UUID(int=33)
MOMENT = timedelta(microseconds=1)


def test_the_edition_can_be_chosen_by_the_date_of_booking_as_before_august_2021(make_booking):
    booking = make_booking(
        50_000_00,
        created_at=datetime(2021, 8, 30, tzinfo=UTC),
        used_at=datetime(2021, 9, 2, tzinfo=UTC),
    )
    (by_use,) = price_all([booking], judged_on=JudgedOn.USED_AT)
    (by_booking,) = price_all([booking], judged_on=JudgedOn.CREATED_AT)
    assert (by_use.rate_bp, by_booking.rate_bp) == (9_200, 8_500)


def test_a_counter_of_2018_belongs_to_the_structure_for_ever_and_counts_online_things(make_booking):
    online = make_booking(23_000_00, "VOD", number=1, used_at=datetime(2018, 9, 1, tzinfo=UTC))
    elsewhere = make_booking(1_00, number=2, venue=OTHER_VENUE, used_at=datetime(2019, 1, 2, tzinfo=UTC))
    stranger = make_booking(
        1_00, number=3, structure=OTHER_STRUCTURE, used_at=datetime(2019, 1, 3, tzinfo=UTC)
    )
    pricings = list(price_all([online, elsewhere, stranger]))
    assert [pricing.reimbursed_cents for pricing in pricings] == [0, 0, 1_00]
    assert [pricing.revenue_cents for pricing in pricings] == [23_000_00, 23_001_00, 1_00]


def test_a_change_of_scope_finds_the_revenue_it_looks_back_at(make_booking):
    """The venue's all-time counter of August 2019 includes what it sold under the rules of 2018."""
    in_2018 = make_booking(19_000_00, number=1, used_at=datetime(2018, 9, 1, tzinfo=UTC))
    online = make_booking(500_00, "VOD", number=2, used_at=datetime(2018, 9, 2, tzinfo=UTC))
    per_venue = make_booking(1_001_00, number=3, used_at=datetime(2019, 9, 1, tzinfo=UTC))
    per_year = make_booking(1_00, number=4, used_at=datetime(2019, 9, 16, tzinfo=UTC))
    next_year = make_booking(1_00, number=5, used_at=datetime(2020, 1, 1, tzinfo=UTC))
    pricings = list(price_all([in_2018, online, per_venue, per_year, next_year]))
    assert [pricing.revenue_cents for pricing in pricings] == [
        19_000_00,
        19_500_00,
        20_001_00,
        1_002_00,
        1_00,
    ]
    assert pricings[2].rate_bp == 9_500


def test_the_year_is_utcs_until_2021_and_pariss_since(make_booking):
    def revenue_after(first: datetime, second: datetime) -> int:
        bookings = [make_booking(5_00, number=1, used_at=first), make_booking(1_00, number=2, used_at=second)]
        return list(price_all(bookings))[1].revenue_cents

    utc_new_year = datetime(2021, 1, 1, tzinfo=UTC)
    assert revenue_after(datetime(2020, 12, 31, 22, tzinfo=UTC), utc_new_year - MOMENT) == 6_00
    assert revenue_after(datetime(2020, 12, 31, 22, tzinfo=UTC), utc_new_year) == 1_00
    paris_new_year = datetime(2022, 12, 31, 23, tzinfo=UTC)
    assert revenue_after(datetime(2022, 12, 31, 22, tzinfo=UTC), paris_new_year - MOMENT) == 6_00
    assert revenue_after(datetime(2022, 12, 31, 22, tzinfo=UTC), paris_new_year) == 1_00


def test_where_degressive_rates_were_off_the_cap_lived_on(make_booking):
    booking = make_booking(20_001_00, used_at=datetime(2020, 6, 1, tzinfo=UTC))
    (capped,) = price_all([booking], bareme=BAREME_WITHOUT_DEGRESSIVE_RATES)
    (degressive,) = price_all([booking])
    assert (capped.rate_bp, degressive.rate_bp) == (0, 9_500)


def test_one_pricer_changes_edition_between_two_bookings(make_booking):
    """From the last instant of an edition to the first of the next, and of the sub-categories' families."""
    pricer = Pricer()
    pricer.price(make_booking(50_000_00, number=1, used_at=datetime(2021, 8, 1, tzinfo=UTC)))
    september = datetime(2021, 8, 31, 22, tzinfo=UTC)
    distance_selling = datetime(2021, 9, 27, 22, tzinfo=UTC)

    def rate(at, subcategory="CONCERT"):
        return pricer.price(make_booking(1_00, subcategory, used_at=at)).rate_bp

    assert [rate(september - MOMENT), rate(september)] == [8_500, 9_200]
    tickets = [rate(at, "CINE_VENTE_DISTANCE") for at in (distance_selling - MOMENT, distance_selling)]
    assert tickets == [0, 9_200]
    assert rate(september - MOMENT) == 8_500, "and back"


def test_own_rules_hold_when_all_is_priced_at_once(make_booking):
    rule = CustomRule(UUID(int=1), TargetKind.OFFER, OFFER, datetime(2018, 1, 1, tzinfo=UTC), rate_bp=1_000)
    (pricing,) = price_all([make_booking(10_00)], custom_rules=CustomRules([rule]))
    assert pricing.reimbursed_cents == 1_00


def test_a_booking_under_an_own_rule_counts_like_any_other(make_booking):
    rule = CustomRule(UUID(int=1), TargetKind.OFFER, OFFER, datetime(2018, 1, 1, tzinfo=UTC), rate_bp=0)
    pricer = Pricer(custom_rules=CustomRules([rule]))
    pricing = pricer.price(make_booking(20_000_00))
    assert (pricing.revenue_cents, pricing.reimbursed_cents, pricing.custom_rule_id) == (
        20_000_00,
        0,
        rule.id,
    )


def test_the_part_that_priced_is_named(make_booking, price_at):
    assert price_at(make_booking()).rule is Rule.STANDARD
    assert price_at(make_booking(subcategory="LIVRE_PAPIER")).rule is Rule.BOOK
    assert price_at(make_booking(subcategory="VOD")).rule is Rule.NOT_REIMBURSED
    assert price_at(make_booking(is_collective=True)).rule is Rule.COLLECTIVE


def test_pricings_are_negative_when_the_platform_owes(make_booking, price_at):
    pricing = price_at(make_booking(100_00), 20_000_00)
    assert (pricing.amount_cents, pricing.contribution_cents) == (-95_00, 5_00)


def test_an_unknown_subcategory_is_refused_before_it_counts(make_booking):
    pricer = Pricer()
    with pytest.raises(UnknownSubcategory, match="TROTTINETTE"):
        pricer.price(make_booking(5_00, "TROTTINETTE"))
    assert pricer.price(make_booking(1_00)).revenue_cents == 1_00


def test_kinds_of_money():
    assert kind_of_money("GRANT_15_17", is_collective=False) is KindOfMoney.EACI
    assert kind_of_money("GRANT_17_18", is_collective=False) is KindOfMoney.PC
    assert kind_of_money(None, is_collective=False) is KindOfMoney.PC
    assert kind_of_money("GRANT_15_17", is_collective=True) is KindOfMoney.EACC


@st.composite
def fortnight_of_bookings(draw, make):
    """A fortnight's bookings of two venues, often used at the same instant, around a change of edition."""
    change = draw(
        st.sampled_from([datetime(2021, 8, 31, 22, tzinfo=UTC), datetime(2021, 12, 31, 23, tzinfo=UTC)])
    )
    size = draw(st.integers(1, 12))
    bookings = []
    for number in range(size):
        used_at = change + timedelta(hours=draw(st.integers(-3, 3)))
        starts = draw(st.one_of(st.none(), st.integers(-3, 3)))
        bookings.append(
            make(
                draw(st.integers(0, 15_000_00)),
                draw(st.sampled_from(sorted(SUBCATEGORIES))),
                quantity=draw(st.integers(1, 2)),
                number=number + 1,
                used_at=used_at,
                venue=draw(st.sampled_from([UUID(int=11), OTHER_VENUE])),
                event_starts_at=None if starts is None else change + timedelta(hours=starts),
                is_collective=draw(st.booleans()),
            )
        )
    return bookings


@given(st.data())
def test_the_order_in_which_bookings_arrive_changes_nothing(make_booking, data):
    bookings = data.draw(fortnight_of_bookings(make_booking))
    shuffled = data.draw(st.permutations(bookings))
    assert list(price_all(bookings)) == list(price_all(shuffled))


@given(st.data())
def test_what_is_paid_and_what_the_place_bears_make_what_was_booked(make_booking, data):
    bookings = data.draw(fortnight_of_bookings(make_booking))
    pricings = list(price_all(bookings))
    booked = Counter({booking.booking_id: booking.total_cents for booking in bookings})
    assert Counter({p.booking_id: p.reimbursed_cents + p.contribution_cents for p in pricings}) == booked
    assert all(0 <= pricing.reimbursed_cents <= pricing.booked_cents for pricing in pricings)


@given(st.lists(st.integers(0, 60_000_00), min_size=1, max_size=10))
def test_the_counter_only_grows_and_the_rate_only_falls(make_booking, prices):
    bookings = [make_booking(price, number=number) for number, price in enumerate(prices, 1)]
    pricings = list(price_all(bookings))
    assert [p.revenue_cents for p in pricings] == sorted(p.revenue_cents for p in pricings)
    assert [p.rate_bp for p in pricings] == sorted((p.rate_bp for p in pricings), reverse=True)
    assert pricings[-1].revenue_cents == sum(prices)


def test_a_collective_booking_is_paid_whole_before_own_rules_are_looked_at(make_booking):
    """Peer case F14: a structure's own rule of 80 %; since 2022 a collective booking is tested first."""
    for used_at, paid_cents in (
        (datetime(2021, 12, 31, 22, 59, 59, tzinfo=UTC), 80_00),
        (datetime(2021, 12, 31, 23, tzinfo=UTC), 100_00),
        (datetime(2026, 11, 1, tzinfo=UTC), 100_00),
    ):
        booking = make_booking(100_00, is_collective=True, used_at=used_at)
        rule = CustomRule(
            id=UUID(int=1),
            target_kind=TargetKind.STRUCTURE,
            target_id=booking.structure_id,
            valid_from=datetime(2020, 1, 1, tzinfo=UTC),
            rate_bp=8_000,
        )
        (pricing,) = price_all([booking], custom_rules=CustomRules([rule]))
        assert pricing.reimbursed_cents == paid_cents
