"""What became of one page of bookings that a job goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from booking.persistence.bookings import Place
from booking.persistence.records import BookingRecord

PAGE = 200


@dataclass(frozen=True, slots=True)
class PageDone:
    """How many bookings of the page were acted on, and where the next one begins; None: it was the last."""

    acted: int
    next: Place | None

    @classmethod
    def of(cls, page: Sequence[BookingRecord], acted: int) -> Self:
        return cls(acted, (page[-1].created_at, page[-1].id) if len(page) == PAGE else None)
