"""What is left of a credit, under any sequence of bookings and cancellations."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from booking.domain import refusals
from booking.domain.subcategories import Deposit
from booking.domain.wallet import Debit, Envelope, Perimeter, Purchase, Wallet
from booking_support.builders import NOW, v1, v2

REGION = Envelope("region", 100_00, perimeter=Perimeter(departments=frozenset({"29"})))


def test_the_regional_envelope_pays_first_within_its_perimeter() -> None:
    wallet = Wallet((REGION, v2()))
    here, elsewhere = Purchase(120_00, department_code="29"), Purchase(120_00, department_code="75")
    assert wallet.debits_for(here, NOW) == (
        Debit("region", 100_00, Deposit.NONE),
        Debit("v2", 20_00, Deposit.NONE),
    )
    assert wallet.debits_for(elsewhere, NOW) == (Debit("v2", 120_00, Deposit.NONE),)


def test_a_perimeter_may_name_subcategories() -> None:
    books = Perimeter(subcategories=frozenset({"LIVRE_PAPIER"}))
    assert books.covers(Purchase(1, subcategory_id="LIVRE_PAPIER"))
    assert not books.covers(Purchase(1, subcategory_id="CONCERT"))
    assert Perimeter().covers(Purchase(1))


def test_labelled_envelopes_pay_one_after_the_other_and_those_of_elsewhere_are_passed_over() -> None:
    paris = Envelope("paris", 70_00, perimeter=Perimeter(departments=frozenset({"75"})))
    second = Envelope("second", 50_00, perimeter=Perimeter())
    wallet = Wallet((v2(), paris, REGION, second))
    assert wallet.debits_for(Purchase(120_00, department_code="29"), NOW) == (
        Debit("region", 100_00, Deposit.NONE),
        Debit("second", 20_00, Deposit.NONE),
    )
    assert wallet.debits_for(Purchase(160_00, department_code="29"), NOW) == (
        Debit("region", 100_00, Deposit.NONE),
        Debit("second", 50_00, Deposit.NONE),
        Debit("v2", 10_00, Deposit.NONE),
    )


def test_credits_that_end_one_day_pay_until_then_and_not_after() -> None:
    end = NOW + timedelta(days=1)
    here = Purchase(110_00, Deposit.DIGITAL, department_code="29")
    wallet = Wallet((replace(REGION, expires_at=end), v2(expires_at=end, digital_cap_cents=10_00)))
    assert wallet.refuse(here, NOW) is None
    assert wallet.debits_for(here, NOW) == (
        Debit("region", 100_00, Deposit.NONE),
        Debit("v2", 10_00, Deposit.DIGITAL),
    )
    beyond = replace(here, total_cents=110_01)
    assert wallet.refuse(beyond, NOW) == refusals.DigitalCapReached(10_00, 10_00)
    assert wallet.refuse(here, end) == refusals.InsufficientCredit(110_00, 0)
    without_region = Wallet((replace(REGION, expires_at=NOW), v2(expires_at=end)))
    assert without_region.debits_for(here, NOW) == (Debit("v2", 110_00, Deposit.DIGITAL),)
    assert without_region.refuse(here, NOW) == refusals.DigitalCapReached(100_00, 100_00)


def test_a_booking_counts_in_its_own_cap_only() -> None:
    for deposit, digital, physical in (
        (Deposit.DIGITAL, 30_00, 0),
        (Deposit.PHYSICAL, 0, 30_00),
        (Deposit.NONE, 0, 0),
    ):
        (after,) = Wallet((v1(),)).after([Debit("v1", 30_00, deposit)]).envelopes
        spent = (after.spent_cents, after.digital_spent_cents, after.physical_spent_cents)
        assert spent == (30_00, digital, physical)


def test_a_cap_that_is_reached_leaves_nothing_and_refuses_a_cent() -> None:
    for deposit, refusal in (
        (Deposit.DIGITAL, refusals.DigitalCapReached),
        (Deposit.PHYSICAL, refusals.PhysicalCapReached),
    ):
        wallet = Wallet((v1(),)).after([Debit("v1", 200_00, deposit)])
        assert wallet.envelopes[0].remaining_in_cents(deposit, NOW) == 0
        assert wallet.refuse(Purchase(1, deposit), NOW) == refusal(200_00, 0)
        assert wallet.refuse(Purchase(1), NOW) is None


def test_a_cap_counts_only_what_the_deposit_pays() -> None:
    wallet = Wallet((REGION, v2(spent_cents=90_00, digital_spent_cents=90_00)))
    digital = Purchase(110_00, Deposit.DIGITAL, department_code="29")
    assert wallet.refuse(digital, NOW) is None
    assert wallet.refuse(
        Purchase(110_01, Deposit.DIGITAL, department_code="29"), NOW
    ) == refusals.DigitalCapReached(100_00, 10_00)


def test_what_is_missing_is_named_to_the_cent() -> None:
    wallet = Wallet((REGION, v2(spent_cents=299_00)))
    refusal = wallet.refuse(Purchase(102_50, department_code="29"), NOW)
    assert refusal == refusals.InsufficientCredit(missing_cents=1_50, remaining_cents=101_00)
    assert refusal.message == "Votre crédit est insuffisant : il vous reste 101 €, il manque 1,50 €."


def test_a_credit_that_is_spent_leaves_nothing() -> None:
    assert v2(spent_cents=300_00).remaining_cents(NOW) == 0
    assert v2(spent_cents=299_99).remaining_cents(NOW) == 1


def test_an_envelope_expires_at_its_very_instant() -> None:
    assert not v2(expires_at=NOW).is_active(NOW)
    assert v2(expires_at=NOW + timedelta(microseconds=1)).is_active(NOW)
    assert v2(expires_at=NOW).remaining_cents(NOW) == 0


def test_the_newest_active_deposit_is_the_current_one() -> None:
    old, new = v1(), v2()
    assert Wallet((old, REGION, new)).current(NOW) is new
    assert Wallet((old, v2(expires_at=NOW))).current(NOW) is old
    assert Wallet((REGION,)).current(NOW) is None


def test_labelled_money_alone_may_pay() -> None:
    wallet = Wallet((REGION,))
    assert wallet.refuse(Purchase(100_00, department_code="29"), NOW) is None
    assert wallet.refuse(Purchase(100_01, department_code="29"), NOW) == refusals.InsufficientCredit(
        1, 100_00
    )


def test_nobody_ever_granted_books_not_even_for_free() -> None:
    assert Wallet().refuse(Purchase(0), NOW) == refusals.InsufficientCredit(0, 0)


amounts = st.integers(0, 400_00)
purchases = st.builds(
    Purchase,
    total_cents=amounts,
    deposit=st.sampled_from(Deposit),
    department_code=st.sampled_from(["29", "75", None]),
)
wallets = st.lists(
    st.sampled_from([v1(), v2(), REGION, Envelope("free", 0), v2(expires_at=NOW)]),
    unique_by=lambda envelope: envelope.id,
    max_size=4,
).map(lambda envelopes: Wallet(tuple(envelopes)))


@given(wallets, st.lists(st.tuples(purchases, st.booleans(), st.integers(0, 30)), max_size=30))
def test_never_below_zero_nor_over_a_cap_under_any_sequence(wallet: Wallet, steps: list) -> None:
    start, held = wallet, []
    for purchase, cancels, position in steps:
        if cancels and held:
            wallet = wallet.after_return_of(held.pop(position % len(held)))
        elif wallet.refuse(purchase, NOW) is None:
            debits = wallet.debits_for(purchase, NOW)
            assert sum(debit.cents for debit in debits) == purchase.total_cents
            wallet = wallet.after(debits)
            held.append(debits)
        for envelope in wallet.envelopes:
            assert 0 <= envelope.spent_cents <= envelope.granted_cents
            assert 0 <= envelope.digital_spent_cents <= envelope.spent_cents
            for deposit, spent in (
                (Deposit.DIGITAL, envelope.digital_spent_cents),
                (Deposit.PHYSICAL, envelope.physical_spent_cents),
            ):
                cap = envelope.cap_cents(deposit)
                assert spent >= 0
                assert cap is None or spent <= cap
                assert 0 <= envelope.remaining_in_cents(deposit, NOW) <= envelope.remaining_cents(NOW)
    for debits in reversed(held):
        wallet = wallet.after_return_of(debits)
    assert wallet == start


@given(wallets, purchases)
def test_cancelling_restores_exactly(wallet: Wallet, purchase: Purchase) -> None:
    debits = wallet.debits_for(purchase, NOW)
    assert wallet.after(debits).after_return_of(debits) == wallet


@given(wallets, purchases)
def test_what_is_left_to_the_cent_is_accepted_and_one_cent_more_is_not(
    wallet: Wallet, asked: Purchase
) -> None:
    refusal = wallet.refuse(asked, NOW)
    assume(isinstance(refusal, refusals.InsufficientCredit) and wallet.envelopes)
    assert isinstance(refusal, refusals.InsufficientCredit)
    affordable = Purchase(asked.total_cents - refusal.missing_cents, Deposit.NONE, "", asked.department_code)
    assert wallet.refuse(affordable, NOW) is None
    beyond = Purchase(affordable.total_cents + 1, Deposit.NONE, "", asked.department_code)
    assert isinstance(wallet.refuse(beyond, NOW), refusals.InsufficientCredit)
