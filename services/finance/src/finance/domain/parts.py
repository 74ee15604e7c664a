"""How a close is cut into parts that can be done one by one, side by side, and again after a crash."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Pile(NamedTuple):
    """How many bookings a structure has to be settled for at one venue."""

    structure_id: UUID
    venue_id: UUID
    bookings: int


def in_parts(piles: Iterable[Pile], bookings_a_part: int) -> list[list[UUID]]:
    """Structures by part: each in one, with all that push the counters of its venues.

    A venue that passed from one structure to another keeps both together, since its counter is one
    (domain.md §5.1). A part ends once it has `bookings_a_part` bookings; it has more where one group
    alone has more. Parts and their structures come in the order of ids, whatever order the piles had.
    """
    group_of: dict[UUID, UUID] = {}
    bookings: dict[UUID, int] = {}
    first_at: dict[UUID, UUID] = {}

    def first(structure_id: UUID) -> UUID:
        """The structure that stands for the group; what was walked through points to it afterwards."""
        top = structure_id
        while group_of[top] != top:
            top = group_of[top]
        while group_of[structure_id] != top:
            group_of[structure_id], structure_id = top, group_of[structure_id]
        return top

    for structure_id, venue_id, count in piles:
        group_of.setdefault(structure_id, structure_id)
        bookings[structure_id] = bookings.get(structure_id, 0) + count
        one, other = first(structure_id), first(first_at.setdefault(venue_id, structure_id))
        group_of[max(one, other)] = min(one, other)

    groups: dict[UUID, list[UUID]] = {}
    for structure_id in sorted(group_of):
        groups.setdefault(first(structure_id), []).append(structure_id)
    parts: list[list[UUID]] = []
    filled = bookings_a_part
    for group in groups.values():
        if filled >= bookings_a_part:
            parts.append([])
            filled = 0
        parts[-1] += group
        filled += sum(bookings[structure_id] for structure_id in group)
    return parts
