"""How a close is cut into parts."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from finance.domain.parts import Pile, in_parts

FEW = st.integers(1, 12).map(lambda number: UUID(int=number))
PILES = st.lists(st.builds(Pile, FEW, FEW, st.integers(1, 9)), max_size=30)


@given(PILES, st.integers(1, 40))
def test_each_structure_is_in_one_part_with_all_that_share_its_venues(piles, bookings_a_part):
    part_of = {}
    for number, structures in enumerate(in_parts(piles, bookings_a_part)):
        for structure in structures:
            assert structure not in part_of
            part_of[structure] = number
    assert part_of.keys() == {pile.structure_id for pile in piles}
    at = {}
    for pile in piles:
        assert at.setdefault(pile.venue_id, part_of[pile.structure_id]) == part_of[pile.structure_id]


@given(PILES, st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_order_of_the_piles_changes_nothing(piles, bookings_a_part, chance):
    shuffled = chance.sample(piles, len(piles))
    assert in_parts(shuffled, bookings_a_part) == in_parts(piles, bookings_a_part)


def test_a_part_ends_once_it_is_full():
    structures = [UUID(int=number) for number in range(1, 6)]
    piles = [Pile(structure, structure, 4) for structure in structures]
    assert in_parts(piles, 8) == [structures[:2], structures[2:4], structures[4:]]
    assert in_parts(piles, 9) == [structures[:3], structures[3:]]


def test_a_venue_that_changed_hands_keeps_both_structures_together():
    one, other, third, venue = (UUID(int=number) for number in (1, 2, 3, 9))
    piles = [Pile(one, venue, 1), Pile(other, other, 1), Pile(third, venue, 1)]
    assert in_parts(piles, 1) == [[one, third], [other]]


def test_nothing_to_settle_makes_no_part():
    assert in_parts([], 20_000) == []
