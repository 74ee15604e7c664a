"""A booking as finance sees it: the plain values that its price depends on."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class UsedBooking(NamedTuple):
    """A used booking, ready to be priced. A tuple: hundreds of thousands are priced in one run.

    `pricing_point_id` is the venue whose counter it pushes. `event_starts_at` is None for a thing.
    `pricing_point_since` is when the venue was given its pricing point, None when it always had it.
    """

    booking_id: UUID
    structure_id: UUID
    venue_id: UUID
    pricing_point_id: UUID
    offer_id: UUID
    subcategory_id: str
    unit_price_cents: int
    quantity: int
    created_at: datetime
    used_at: datetime
    event_starts_at: datetime | None = None
    is_collective: bool = False
    pricing_point_since: datetime | None = None

    @property
    def total_cents(self) -> int:
        return self.unit_price_cents * self.quantity


class KindOfMoney(StrEnum):
    """Credits are reported apart (domain.md §5.7)."""

    PC = "PC"
    EACI = "EACI"
    EACC = "EACC"


def kind_of_money(deposit_kind: str | None, *, is_collective: bool) -> KindOfMoney:
    """PC unless collective (EACC) or paid from a 15–17 credit (EACI).

    GRANT_17_18 counts as PC at any age: how it was classified at 17 is not known (domain.md §5.7).
    """
    if is_collective:
        return KindOfMoney.EACC
    return KindOfMoney.EACI if deposit_kind == "GRANT_15_17" else KindOfMoney.PC
