"""Each worked example of domain.md §7.1, by its number."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from finance.domain.bank_details import BankDetails, recipient
from finance.domain.calendar import Fortnight, cutoff_after, invoiced_fortnight, transfer_label
from finance.domain.custom_rules import CustomRule, TargetKind
from finance.domain.eligibility import Candidate, LeftOut, Run, left_out, makes_a_payment
from finance.domain.invoices import InvoiceCounter
from finance.domain.payments import PaymentStatus, ban
from finance.domain.pricing import Rule, price_all
from finance.domain.refusals import PaymentsNotInMessage
from finance.domain.transfers import Due, by_account

OFFER, STRUCTURE = UUID(int=33), UUID(int=22)
AUGUST_2021 = datetime(2021, 8, 15, 12, tzinfo=UTC)
START_OF_TIME = datetime(2018, 1, 1, tzinfo=UTC)
DETAILS = BankDetails("FR7630006000011234567890189", "AGRIFRPP")


def test_E01_the_rate_of_the_tier_reached_applies_to_the_whole_booking(make_booking, price_at):
    pricing = price_at(make_booking(30_00), 19_990_00)
    assert (pricing.revenue_cents, pricing.reimbursed_cents) == (20_020_00, 28_50)


def test_E02_a_threshold_met_exactly_is_not_crossed(make_booking, price_at):
    assert price_at(make_booking(30_00), 19_970_00).reimbursed_cents == 30_00


def test_E03_forty_thousand_exactly_is_still_95_percent(make_booking, price_at):
    assert price_at(make_booking(20_00), 39_980_00).reimbursed_cents == 19_00


def test_E04_above_forty_thousand_the_edition_of_the_date_of_use_decides(make_booking, price_at):
    assert price_at(make_booking(20_00), 39_990_00).reimbursed_cents == 18_40
    assert price_at(make_booking(20_00, used_at=AUGUST_2021), 39_990_00).reimbursed_cents == 17_00


def test_E05_a_hundred_and_fifty_thousand_exactly_is_still_92_percent(make_booking, price_at):
    assert price_at(make_booking(10_00), 149_990_00).reimbursed_cents == 9_20


def test_E07_books_have_one_tier_only(make_booking, price_at):
    pricing = price_at(make_booking(20_00, "LIVRE_PAPIER"), 160_000_00)
    assert (pricing.reimbursed_cents, pricing.rule) == (19_00, Rule.BOOK)


def test_E08_an_ebook_is_a_book(make_booking, price_at):
    assert price_at(make_booking(15_00, "LIVRE_NUMERIQUE")).reimbursed_cents == 15_00


def test_E09_video_on_demand_is_not_paid_and_counts_from_2022_only(make_booking, price_at):
    in_2021 = price_at(make_booking(8_00, "VOD"), 500_00)
    in_2022 = price_at(make_booking(8_00, "VOD", used_at=datetime(2022, 5, 1, tzinfo=UTC)), 500_00)
    assert (in_2021.reimbursed_cents, in_2021.revenue_cents) == (0, 500_00)
    assert (in_2022.reimbursed_cents, in_2022.revenue_cents) == (0, 508_00)
    assert not makes_a_payment(in_2021.reimbursed_cents)


def test_E11_books_and_concerts_share_one_counter(make_booking):
    books = make_booking(15_000_00, "LIVRE_PAPIER", number=1, used_at=datetime(2021, 11, 1, tzinfo=UTC))
    concert = make_booking(6_000_00, number=2, used_at=datetime(2021, 11, 2, tzinfo=UTC))
    assert [pricing.reimbursed_cents for pricing in price_all([concert, books])] == [15_000_00, 5_700_00]


def test_E12_a_duo_counts_twice(make_booking, price_at):
    pricing = price_at(make_booking(12_00, quantity=2), 19_980_00)
    assert (pricing.booked_cents, pricing.revenue_cents, pricing.reimbursed_cents) == (
        24_00,
        20_004_00,
        22_80,
    )


def test_E13_the_edition_changes_at_midnight_in_paris(make_booking, price_at):
    before = make_booking(100_00, used_at=datetime(2021, 8, 31, 21, 59, 59, tzinfo=UTC))
    after = make_booking(100_00, used_at=datetime(2021, 8, 31, 22, 0, 0, tzinfo=UTC))
    assert price_at(before, 50_000_00).reimbursed_cents == 85_00
    assert price_at(after, 50_000_00).reimbursed_cents == 92_00


def test_E15_the_counter_restarts_each_year(make_booking, code_of_november_2021):
    first = make_booking(20_000_00, number=1, used_at=datetime(2018, 1, 1, tzinfo=UTC))
    second = make_booking(100_00, number=2, used_at=datetime(2019, 1, 1, tzinfo=UTC))
    pricings = price_all([first, second], bareme=code_of_november_2021)
    assert [pricing.reimbursed_cents for pricing in pricings] == [20_000_00, 100_00]


@pytest.mark.parametrize("rev_cents", [0, 19_999_00, 500_000_00])
def test_E17_a_collective_booking_is_paid_whole_and_counts_for_nothing(make_booking, price_at, rev_cents):
    pricing = price_at(make_booking(3_000_00, is_collective=True), rev_cents)
    assert (pricing.reimbursed_cents, pricing.revenue_cents) == (3_000_00, rev_cents)


def test_E18_an_own_rule_by_unit_beats_not_reimbursed(make_booking, price_at):
    rule = CustomRule(UUID(int=1), TargetKind.OFFER, OFFER, START_OF_TIME, amount_cents=5_00)
    assert price_at(make_booking(10_00, "VOD"), 0, rule).reimbursed_cents == 5_00
    assert price_at(make_booking(10_00, "VOD", quantity=2), 0, rule).reimbursed_cents == 10_00


def test_E19_an_own_rate_for_some_subcategories_leaves_the_others_to_the_bareme(make_booking, price_at):
    rule = CustomRule(
        UUID(int=1),
        TargetKind.STRUCTURE,
        STRUCTURE,
        START_OF_TIME,
        subcategories=frozenset({"FESTIVAL_CINE"}),
        rate_bp=9_800,
    )
    assert price_at(make_booking(50_00, "FESTIVAL_CINE"), 180_000_00, rule).reimbursed_cents == 49_00
    assert price_at(make_booking(50_00, "LIVRE_PAPIER"), 180_000_00, rule).reimbursed_cents == 47_50


def test_E21_a_free_booking_makes_no_payment(make_booking, price_at):
    pricing = price_at(make_booking(0))
    assert pricing.reimbursed_cents == 0
    assert not makes_a_payment(pricing.reimbursed_cents)


def test_E23_a_museum_ticket_sold_at_a_distance_is_standard(make_booking, price_at):
    assert price_at(make_booking(100_00, "MUSEE_VENTE_DISTANCE"), 20_000_00).reimbursed_cents == 95_00


def test_E24_the_cutoff_is_midnight_in_paris_strictly():
    cutoff = cutoff_after(date(2021, 11, 15))
    assert cutoff == datetime(2021, 11, 15, 23, tzinfo=UTC)
    run = Run(cutoff, run_at=datetime(2021, 11, 16, 8, tzinfo=UTC))
    last_in = Candidate(datetime(2021, 11, 15, 22, 59, 59, tzinfo=UTC), False, None, False)
    first_out = Candidate(datetime(2021, 11, 15, 23, 0, 0, tzinfo=UTC), False, None, False)
    assert left_out(last_in, run) is None
    assert left_out(first_out, run) is LeftOut.USED_AFTER_CUTOFF


def test_E25_the_cutoff_in_summer_time():
    assert cutoff_after(date(2021, 7, 15)) == datetime(2021, 7, 15, 22, tzinfo=UTC)


@pytest.mark.parametrize(("day", "ordinal"), [(14, "1ère"), (15, "2nde"), (16, "2nde")])
def test_E26_in_2021_the_day_of_the_run_names_the_fortnight(day, ordinal):
    label = transfer_label(datetime(2021, 11, day, 8, tzinfo=UTC), Fortnight(2021, 11, 1))
    assert label == f"pass Culture Pro - remboursement {ordinal} quinzaine 11-2021"


def test_E28_a_venue_without_account_is_paid_on_the_structures():
    found = recipient("Librairie du Port", "853318459", structure=DETAILS, venue=None)
    assert found == ("Librairie du Port", "853318459", DETAILS)


def test_E30_venues_that_share_an_account_make_one_transaction():
    dues = [Due(DETAILS, cents, "Librairie", "853318459", "label") for cents in (100_00, 50_00, 25_00)]
    (transfer,) = by_account(dues)
    assert transfer.amount_cents == 175_00


def test_E31_a_ban_sends_the_rest_of_the_message_again_or_changes_nothing():
    message = dict.fromkeys((1, 2, 3), PaymentStatus.UNDER_REVIEW)
    assert ban(message, [2]) == {1: PaymentStatus.RETRY, 2: PaymentStatus.BANNED, 3: PaymentStatus.RETRY}
    assert ban(message, [9]) == PaymentsNotInMessage(payment_ids=(9,))


def test_E32_the_period_an_invoice_shows():
    assert invoiced_fortnight(date(2022, 11, 16)) == Fortnight(2022, 11, 1)
    second_half = invoiced_fortnight(date(2022, 12, 3))
    assert (second_half.first_day, second_half.last_day) == (date(2022, 11, 16), date(2022, 11, 30))


def test_E33_invoice_numbers_have_no_gap():
    nothing_yet = InvoiceCounter(2023)
    first = nothing_yet.next()
    rolled_back = first.next()
    second = first.next()
    assert (first.reference, second.reference) == ("F230000001", "F230000002")
    assert rolled_back == second


def test_E35_in_2018_nothing_is_paid_beyond_the_cap_of_the_structure(make_booking, price_at):
    pricing = price_at(make_booking(30_00, used_at=datetime(2018, 8, 20, tzinfo=UTC)), 22_990_00)
    assert (pricing.revenue_cents, pricing.reimbursed_cents) == (23_020_00, 0)
