"""A credit that takes the place of an older one receives what was left of it.

Source: domain.md §2.4 (« leftover of an older active deposit is transferred into the new one »; spent = all
bookings that are not cancelled), §7.3 (E67: what is left at the end is lost).

Nothing remembers that money was moved: what each credit can pay follows, at any moment, from what was
granted and what is spent. Told twice, late or in another order, the same facts give the same amounts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Credit:
    """One grant as identity tells it, and what its bookings that are not cancelled took from it."""

    id: UUID
    granted_cents: int
    spent_cents: int
    granted_at: datetime
    expires_at: datetime | None = None
    """First instant without it; None: never. A replaced credit ends with the grant of the newer one."""
    replaces_id: UUID | None = None

    @property
    def age(self) -> tuple[datetime, UUID]:
        """Sorts credits of one person, the oldest first."""
        return self.granted_at, self.id


def is_left_to(newer: Credit, older: Credit) -> bool:
    """Whether what is left of `older` goes to `newer`.

    Not when it was over before the newer one was granted; ending at that very instant is how a
    replaced credit ends. Not to an older one either, nor to itself, whatever is said.
    """
    was_alive = older.expires_at is None or older.expires_at >= newer.granted_at
    return newer.replaces_id == older.id and was_alive and older.age < newer.age


def spendable_cents(credits: Iterable[Credit]) -> Mapping[UUID, int]:
    """All that each credit of one person pays, what is spent of it included.

    That is what was granted, and the leftovers of those it replaces, less its own leftover once it is
    replaced: it then keeps what it has paid and pays nothing more. Whatever makes the older leftover grow
    (a booking of it that is cancelled, a late top-up) therefore reaches the credit that can still be spent;
    caps are the newer one's. A credit is left to one other, the oldest that names it, and never holds less
    than what is spent of it, though identity grant less than before.
    """
    in_order = sorted(credits, key=lambda credit: credit.age)
    moved_in: dict[UUID, int] = {}
    amounts = {}
    for credit in in_order:
        amount = max(credit.granted_cents + moved_in.get(credit.id, 0), credit.spent_cents)
        heir = next((newer for newer in in_order if is_left_to(newer, credit)), None)
        if heir is not None:
            moved_in[heir.id] = amount - credit.spent_cents
            amount = credit.spent_cents
        amounts[credit.id] = amount
    return amounts
