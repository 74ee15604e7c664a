"""The worked examples of domain.md §7.2 that concern booking, each by its number."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.domain import refusals
from booking.domain.access_url import complete
from booking.domain.automatic import expires_on, is_expired_by, is_used_by, is_warned_by
from booking.domain.booking import Status, Trigger, next_status
from booking.domain.cancellation import Canceller, cancellation_limit, refuse_cancellation
from booking.domain.contremarque import read
from booking.domain.policies import first_refusal
from booking.domain.rest import SUCCESS, Operation, status_of
from booking.domain.stock import Stock, capacity_kept
from booking.domain.subcategories import Deposit, subcategory_of
from booking.domain.usage import refuse_use
from booking.domain.visibility import token_shown_to_pro
from booking.domain.wallet import Purchase, Wallet
from booking_support.builders import NOW, attempt, booking, utc, v1, v2

URL = {"has_url": True}


def test_E36_the_exact_remainder_may_be_spent() -> None:
    spent = v2(spent_cents=290_00)
    assert first_refusal(attempt(price_cents=10_00, envelope=spent)) is None
    refusal = first_refusal(attempt(price_cents=10_01, envelope=spent))
    assert refusal == refusals.InsufficientCredit(missing_cents=1, remaining_cents=10_00)
    assert refusal.key == "insufficientFunds"


def test_E37_the_digital_cap_bites_one_cent_later() -> None:
    spent = v2(spent_cents=90_00, digital_spent_cents=90_00)
    assert first_refusal(attempt("VOD", 10_00, envelope=spent, **URL)) is None
    refusal = first_refusal(attempt("VOD", 10_01, envelope=spent, **URL))
    assert refusal == refusals.DigitalCapReached(cap_cents=100_00, remaining_cents=10_00)
    assert refusal.key == "global"
    assert "100 €" in refusal.message


def test_E38_a_distance_ticket_is_in_no_cap() -> None:
    spent = v2(spent_cents=100_00, digital_spent_cents=100_00)
    assert first_refusal(attempt("CINE_VENTE_DISTANCE", 12_00, envelope=spent, **URL)) is None


def test_E39_physical_goods_are_capped_in_v1_only() -> None:
    assert first_refusal(attempt("LIVRE_PAPIER", 250_00, envelope=v2())) is None
    assert first_refusal(attempt("ACHAT_INSTRUMENT", 200_00, envelope=v1())) is None
    refusal = first_refusal(attempt("ACHAT_INSTRUMENT", 200_01, envelope=v1()))
    assert refusal == refusals.PhysicalCapReached(cap_cents=200_00, remaining_cents=200_00)
    assert refusal.key == "global"


def test_E40_events_are_never_capped() -> None:
    spent = v1(spent_cents=200_00, physical_spent_cents=200_00)
    assert first_refusal(attempt("CONCERT", 50_00, envelope=spent)) is None


def test_E41_a_domain_never_has_more_than_the_whole() -> None:
    envelope = v2(spent_cents=270_00, digital_spent_cents=20_00)
    assert envelope.remaining_cents(NOW) == 30_00
    assert envelope.remaining_in_cents(Deposit.DIGITAL, NOW) == 30_00


def test_E42_an_expired_credit_books_free_offers_only() -> None:
    expired = v2(expires_at=NOW - timedelta(days=1))
    free = attempt(price_cents=0, envelope=expired)
    assert first_refusal(free) is None
    assert free.booker.wallet.debits_for(free.purchase, NOW) == ()
    assert first_refusal(attempt(price_cents=1_00, envelope=expired)) == refusals.InsufficientCredit(1_00, 0)


def test_E43_the_general_public_books_nothing() -> None:
    public = {"is_beneficiary": False, "envelopes": ()}
    free, paid = first_refusal(attempt(price_cents=0, **public)), first_refusal(attempt(**public))
    assert free == refusals.CannotBookFreeOffers()
    assert free.key == "cannotBookFreeOffers"
    assert paid == refusals.InsufficientCredit(10_00, 0)


def test_E44_a_duo_needs_two_places() -> None:
    last = {"capacity": 1, "taken": 0}
    refusal = first_refusal(attempt(quantity=2, is_duo=True, stock=last))
    assert refusal == refusals.SoldOut(remaining=1)
    assert (refusal.key, refusal.native_code) == ("stock", "STOCK_NOT_BOOKABLE")
    refusal = first_refusal(attempt(quantity=3, is_duo=True, stock=last))
    assert refusal == refusals.WrongQuantity(3, 2)
    assert refusal.key == "quantity"


def test_E45_one_active_booking_per_offer() -> None:
    refusal = first_refusal(attempt(has_booked_offer=True))
    assert refusal == refusals.AlreadyBooked()
    assert refusal.native_code == "ALREADY_BOOKED"
    assert first_refusal(attempt(has_booked_offer=False)) is None


@pytest.mark.parametrize("fact", ["booking_limit_at", "starts_at"])
def test_E46_a_limit_or_a_start_of_now_is_too_late(fact: str) -> None:
    assert first_refusal(attempt(stock={fact: NOW})) == refusals.BookingClosed(NOW, "Europe/Paris")
    assert first_refusal(attempt(stock={fact: NOW + timedelta(seconds=1)})) is None


def test_E47_the_first_check_wins() -> None:
    refusal = first_refusal(attempt(price_cents=999_00, is_educational=True))
    assert refusal == refusals.EducationalOffer()
    assert refusal.key == "offerId"


def test_E48_two_days_to_think() -> None:
    assert booking().cancellation_limit_at == utc(2021, 11, 3, 10)


def test_E50_firm_and_usable_at_once() -> None:
    late = booking(starts_at=utc(2021, 11, 2, 20))
    assert late.cancellation_limit_at == NOW
    assert refuse_cancellation(late, Canceller.BENEFICIARY, NOW) == refusals.FirmBooking(NOW, "Europe/Paris")
    assert refuse_use(late, NOW, "Europe/Paris") is None


def test_E51_the_limit_itself_is_too_late() -> None:
    limit = utc(2021, 11, 3, 10)
    before = limit - timedelta(seconds=1)
    assert refuse_cancellation(booking(), Canceller.BENEFICIARY, before) is None
    refusal = refuse_cancellation(booking(), Canceller.BENEFICIARY, limit)
    assert refusal == refusals.FirmBooking(limit, "Europe/Paris")
    assert refusal.native_code == "CONFIRMED_BOOKING"


def test_E52_the_guichet_waits_until_it_is_firm() -> None:
    early, limit = utc(2021, 11, 2), utc(2021, 11, 3, 10)
    refusal = refuse_use(booking(), early, "Europe/Paris")
    assert refusal == refusals.NotUsableYet(limit, "Europe/Paris")
    assert "3 novembre 2021 à 11 h 00" in refusal.message
    assert status_of(refusal, Operation.USE, early) == 403
    assert refuse_use(booking(), limit, "Europe/Paris") is None
    assert SUCCESS[Operation.USE] == 204


def test_E55_used_by_the_third_night() -> None:
    start = utc(2021, 11, 20, 20)
    assert not is_used_by(utc(2021, 11, 22), Status.CONFIRMED, start)
    assert is_used_by(utc(2021, 11, 23), Status.CONFIRMED, start)


def test_E56_a_paper_book_waits_ten_days() -> None:
    book, booked = subcategory_of("LIVRE_PAPIER"), utc(2021, 9, 10, 15)
    warned = [d for d in range(10, 30) if is_warned_by(date(2021, 9, d), Status.CONFIRMED, book, booked)]
    assert warned == [15]
    assert expires_on(book, booked) == date(2021, 9, 21)
    assert not is_expired_by(date(2021, 9, 20), Status.CONFIRMED, book, booked)
    assert is_expired_by(date(2021, 9, 21), Status.CONFIRMED, book, booked)


def test_E57_a_dvd_waits_thirty_days() -> None:
    dvd, booked = subcategory_of("SUPPORT_PHYSIQUE_FILM"), utc(2021, 9, 10, 15)
    assert is_warned_by(date(2021, 10, 3), Status.CONFIRMED, dvd, booked)
    assert expires_on(dvd, booked) == date(2021, 10, 11)


def test_E58_an_unclaimed_vod_never_expires() -> None:
    assert expires_on(subcategory_of("VOD"), NOW) is None
    assert not is_expired_by(date(2030, 1, 1), Status.CONFIRMED, subcategory_of("VOD"), NOW)


def test_E59_lower_case_is_read() -> None:
    assert read("abc23f") == "ABC23F"


def test_E61_a_pro_cancels_what_is_firm_but_not_what_is_used() -> None:
    late = utc(2021, 11, 10)
    assert refuse_cancellation(booking(), Canceller.PRO, late) is None
    again = refuse_cancellation(booking(status=Status.CANCELLED), Canceller.PRO, late)
    used = refuse_cancellation(booking(status=Status.USED), Canceller.PRO, late)
    assert (SUCCESS[Operation.CANCEL], status_of(again, Operation.CANCEL, late)) == (204, 410)
    assert status_of(used, Operation.CANCEL, late) == 403


def test_E62_a_waiting_thing_hides_its_token() -> None:
    thing, event = booking("LIVRE_PAPIER"), booking("CONCERT")
    assert token_shown_to_pro(thing, "ABC23F") == "-"
    assert token_shown_to_pro(replace(thing, status=Status.USED), "ABC23F") == "ABC23F"
    assert token_shown_to_pro(event, "ABC23F") == "ABC23F"


def test_E63_a_price_is_frozen_when_booked() -> None:
    wallet, asked = Wallet((v2(),)), attempt(price_cents=20_00)
    debits = wallet.debits_for(asked.purchase, NOW)
    edited = replace(asked, stock=replace(asked.stock, price_cents=25_00))
    assert edited.purchase.total_cents == 25_00
    assert sum(debit.cents for debit in debits) == 20_00
    assert wallet.after(debits).after_return_of(debits) == wallet


def test_E64_cancelling_gives_back_credit_and_places() -> None:
    wallet, purchase = Wallet((v2(),)), Purchase(20_00)
    debits = wallet.debits_for(purchase, NOW)
    assert wallet.after(debits).envelopes[0].remaining_cents(NOW) == 280_00
    assert wallet.after(debits).after_return_of(debits) == wallet
    assert next_status(Status.CONFIRMED, Trigger.CANCEL_BY_BENEFICIARY, NOW) is Status.CANCELLED
    assert Stock(10_00, 10, taken=2).remaining == 8


def test_E89_the_address_of_a_digital_offer() -> None:
    completed = complete("site.fr/x?c={token}&m={email}", token="ABC23F", email="a@b.fr", offer_id="7")
    assert completed == "http://site.fr/x?c=ABC23F&m=a@b.fr"
    assert (
        complete("https://x.fr/{offerId}/{offerId}", token="", email="", offer_id="7") == "https://x.fr/7/7"
    )


def test_what_a_placeholder_brings_in_is_not_read_again() -> None:
    for value, other in (("{token}@b.fr", "ABC23F"), ("{offerId}@b.fr", "7"), ("{email}@b.fr", "twice")):
        completed = complete("https://x.fr/{email}", token="ABC23F", email=value, offer_id="7")
        assert completed == f"https://x.fr/{value}", other


def test_E90_what_is_taken_stays_honoured() -> None:
    assert capacity_kept(7, taken=2) == 7
    assert capacity_kept(1, taken=2) == 2
    assert capacity_kept(None, taken=2) is None


def test_a_moved_start_counts_from_the_edit() -> None:
    edited = utc(2021, 11, 10, 9)
    limit = cancellation_limit(subcategory_of("CONCERT"), utc(2021, 12, 1, 20), edited)
    assert limit == edited + timedelta(hours=48)
