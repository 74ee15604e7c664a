"""What is left of a credit goes to the one that replaces it, whatever happens in between."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from booking.domain.replacement import Credit, is_left_to, spendable_cents
from booking_support.builders import JUST, utc

OLD, NEW, NEWEST = (UUID(int=number) for number in (1, 2, 3))
GIVEN, REPLACED = utc(2024, 5, 1), utc(2025, 5, 1)
END = utc(2026, 5, 1)


def old(**facts: Any) -> Credit:
    """80 € of 15–17, ended by the credit that replaced it, 20 € of it spent."""
    usual = {"granted_cents": 80_00, "spent_cents": 20_00, "granted_at": GIVEN, "expires_at": REPLACED}
    return Credit(OLD, **{**usual, **facts})


def new(**facts: Any) -> Credit:
    """50 € of 17–18 that replace it."""
    usual = {"granted_cents": 50_00, "spent_cents": 0, "granted_at": REPLACED, "replaces_id": OLD}
    return Credit(NEW, **{**usual, **facts})


def test_a_credit_that_is_alone_pays_what_was_granted() -> None:
    assert spendable_cents([old()]) == {OLD: 80_00}
    assert spendable_cents([]) == {}


def test_what_was_left_moves_and_what_was_paid_stays() -> None:
    assert spendable_cents([old(), new()]) == {OLD: 20_00, NEW: 110_00}
    assert spendable_cents([old(spent_cents=80_00), new()]) == {OLD: 80_00, NEW: 50_00}


def test_whether_its_new_end_was_known_yet_changes_nothing() -> None:
    for end in (None, END, REPLACED):
        assert spendable_cents([old(expires_at=end), new()]) == {OLD: 20_00, NEW: 110_00}


def test_E67_what_is_left_of_a_credit_that_was_over_is_lost() -> None:
    assert is_left_to(new(), old(expires_at=REPLACED))
    assert not is_left_to(new(), old(expires_at=REPLACED - JUST))
    assert spendable_cents([old(expires_at=REPLACED - JUST), new()]) == {OLD: 80_00, NEW: 50_00}


def test_a_booking_of_the_old_credit_that_is_cancelled_comes_back_to_the_new_one() -> None:
    assert spendable_cents([old(spent_cents=20_00 - 5_00), new(spent_cents=110_00)]) == {
        OLD: 15_00,
        NEW: 115_00,
    }


def test_a_top_up_that_comes_late_moves_too() -> None:
    assert spendable_cents([old(granted_cents=110_00), new()])[NEW] == 140_00


def test_only_the_credit_it_names_is_replaced() -> None:
    for newer in (new(replaces_id=None), new(replaces_id=NEWEST)):
        assert spendable_cents([old(), newer]) == {OLD: 80_00, NEW: 50_00}


def test_nothing_moves_to_an_older_credit_nor_in_a_circle() -> None:
    earlier = new(granted_at=GIVEN - JUST)
    assert spendable_cents([old(expires_at=END), earlier]) == {OLD: 80_00, NEW: 50_00}
    circle = old(expires_at=END, replaces_id=NEW), new()
    assert spendable_cents(circle) == {OLD: 20_00, NEW: 110_00}
    assert spendable_cents([new(replaces_id=NEW)]) == {NEW: 50_00}


def test_of_two_given_at_one_instant_the_later_id_is_the_newer() -> None:
    same = new(granted_at=GIVEN)
    assert spendable_cents([same, old()]) == {OLD: 20_00, NEW: 110_00}
    assert not is_left_to(old(granted_at=GIVEN, replaces_id=NEW), same)


def test_a_credit_is_left_to_one_other_only() -> None:
    second = Credit(NEWEST, 150_00, 0, REPLACED + timedelta(days=1), replaces_id=OLD)
    for credits in permutations([old(expires_at=END), new(), second]):
        assert spendable_cents(credits) == {OLD: 20_00, NEW: 110_00, NEWEST: 150_00}


def test_what_was_left_moves_on_from_credit_to_credit() -> None:
    third = Credit(NEWEST, 150_00, 30_00, utc(2025, 6, 1), replaces_id=NEW)
    credits = old(), new(spent_cents=10_00), third
    assert spendable_cents(credits) == {OLD: 20_00, NEW: 10_00, NEWEST: 250_00}


def test_what_is_spent_stays_paid_though_less_is_granted() -> None:
    assert spendable_cents([old(granted_cents=5_00)]) == {OLD: 20_00}
    assert spendable_cents([old(granted_cents=5_00), new()]) == {OLD: 20_00, NEW: 50_00}
    assert spendable_cents([old(granted_cents=60_00), new(spent_cents=100_00)]) == {OLD: 20_00, NEW: 100_00}


@st.composite
def lives(draw: st.DrawFn) -> list[Credit]:
    """Credits of one person, each of which may name any of them; spent within what was granted."""
    size = draw(st.integers(1, 4))
    granted = draw(st.lists(st.integers(0, 300_00), min_size=size, max_size=size))
    return [
        Credit(
            id=UUID(int=number),
            granted_cents=cents,
            spent_cents=draw(st.integers(0, cents)),
            granted_at=GIVEN + timedelta(days=draw(st.integers(0, 3))),
            expires_at=draw(st.sampled_from([None, GIVEN + timedelta(days=2)])),
            replaces_id=draw(st.sampled_from([None, *(UUID(int=other) for other in range(size))])),
        )
        for number, cents in enumerate(granted)
    ]


@given(lives(), st.randoms())
def test_nothing_is_lost_or_doubled_in_any_order(credits: list[Credit], chance: Any) -> None:
    amounts = spendable_cents(credits)
    assert sum(amounts.values()) == sum(credit.granted_cents for credit in credits)
    assert all(amounts[credit.id] >= credit.spent_cents for credit in credits)
    chance.shuffle(credits)
    assert spendable_cents(credits) == amounts
