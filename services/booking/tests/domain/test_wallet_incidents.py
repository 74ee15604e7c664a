"""What a validated partial incident gives back is in the beneficiary's credit again, and nothing more."""

from hypothesis import given
from hypothesis import strategies as st

from booking.domain import refusals
from booking.domain.subcategories import Deposit
from booking.domain.wallet import Debit, Envelope, Perimeter, Purchase, Wallet, still_paid
from booking_support.builders import NOW, v1, v2


def balance_cents(wallet: Wallet, debits: tuple[Debit, ...]) -> int:
    return sum(envelope.remaining_cents(NOW) for envelope in wallet.after(debits).envelopes)


def test_I05_a_booking_of_100_that_should_have_cost_60_gives_40_back() -> None:
    wallet = Wallet((v2(),))
    debits = wallet.debits_for(Purchase(100_00), NOW)
    assert balance_cents(wallet, debits) == 200_00
    assert balance_cents(wallet, still_paid(debits, 40_00)) == 240_00


def test_I05_from_nothing_to_everything_and_not_a_cent_beyond() -> None:
    debits = (Debit("v2", 100_00, Deposit.NONE),)
    assert still_paid(debits, 0) == debits
    assert still_paid(debits, 1) == (Debit("v2", 99_99, Deposit.NONE),)
    assert still_paid(debits, 99_99) == (Debit("v2", 1, Deposit.NONE),)
    assert still_paid(debits, 100_00) == still_paid(debits, 100_01) == ()
    assert still_paid(debits, -1) == debits, "an incident takes nothing from a credit"
    assert still_paid((), 5_00) == (), "nobody paid a free booking"


def test_I05_what_comes_back_can_be_spent_again_in_its_cap_too() -> None:
    wallet = Wallet((v2(),))
    digital = Purchase(100_00, Deposit.DIGITAL)
    debits = wallet.debits_for(digital, NOW)
    assert wallet.after(debits).refuse(Purchase(1, Deposit.DIGITAL), NOW) == refusals.DigitalCapReached(
        100_00, 0
    )
    after = wallet.after(still_paid(debits, 40_00))
    assert after.refuse(Purchase(40_00, Deposit.DIGITAL), NOW) is None
    assert after.refuse(Purchase(40_01, Deposit.DIGITAL), NOW) == refusals.DigitalCapReached(100_00, 40_00)


def test_I05_who_paid_last_is_given_back_first_as_if_the_right_amount_had_been_asked_for() -> None:
    region = Envelope("region", 70_00, perimeter=Perimeter())
    wallet = Wallet((region, v2()))
    debits = wallet.debits_for(Purchase(100_00), NOW)
    assert still_paid(debits, 40_00) == (Debit("region", 60_00, Deposit.NONE),)
    for right_cents in (0, 1, 69_99, 70_00, 70_01, 99_99):
        right = wallet.debits_for(Purchase(right_cents), NOW)
        assert still_paid(debits, 100_00 - right_cents) == right


bookings = st.tuples(
    st.builds(Purchase, st.integers(0, 300_00), st.sampled_from(Deposit)),
    st.lists(st.integers(0, 200_00), max_size=3),
    st.booleans(),
)


@given(st.lists(bookings, max_size=12))
def test_I05_spent_is_what_bookings_cost_less_what_incidents_gave_back(made: list) -> None:
    """Never negative, never over what was booked, and gone once all is cancelled."""
    region = Envelope("region", 50_00, perimeter=Perimeter())
    wallet = start = Wallet((region, v1()))
    booked_cents = given_back_cents = 0
    held = []
    for purchase, incidents, is_cancelled in made:
        if wallet.refuse(purchase, NOW) is not None:
            continue
        debits = wallet.debits_for(purchase, NOW)
        paid = still_paid(debits, sum(incidents))
        wallet = wallet.after(debits).after_return_of(debits).after(paid)
        if is_cancelled:
            wallet = wallet.after_return_of(paid)
        else:
            held.append(paid)
            booked_cents += purchase.total_cents
            given_back_cents += min(sum(incidents), purchase.total_cents)
        spent = sum(envelope.spent_cents for envelope in wallet.envelopes)
        assert 0 <= spent == booked_cents - given_back_cents <= booked_cents
        for envelope in wallet.envelopes:
            in_caps = envelope.digital_spent_cents + envelope.physical_spent_cents
            assert 0 <= in_caps <= envelope.spent_cents <= envelope.granted_cents
            assert min(envelope.digital_spent_cents, envelope.physical_spent_cents) >= 0
    for paid in held:
        wallet = wallet.after_return_of(paid)
    assert wallet == start


@given(st.lists(st.integers(1, 90_00), max_size=3), st.lists(st.integers(0, 90_00), max_size=3))
def test_I05_incidents_one_after_the_other_give_back_what_they_give_together(
    taken: list[int], incidents: list[int]
) -> None:
    """So that what is kept of a booking is one sum, whatever order incidents are validated in."""
    debits = tuple(Debit(str(number), cents, Deposit.NONE) for number, cents in enumerate(taken))
    step_by_step = debits
    for cents in incidents:
        step_by_step = still_paid(step_by_step, cents)
    assert step_by_step == still_paid(debits, sum(incidents))
    assert sum(debit.cents for debit in step_by_step) == max(sum(taken) - sum(incidents), 0)
