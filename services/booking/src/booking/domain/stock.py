"""A stock as bookable, and each condition of being so by its name (domain.md §3.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from booking.domain.refusals import BookingClosed, SoldOut, StockNotBookable


@dataclass(frozen=True, slots=True)
class Stock:
    """A bookable lot with the facts of its offer and structure; `capacity` None = unlimited."""

    price_cents: int
    capacity: int | None
    taken: int
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    booking_opens_at: datetime | None = None
    is_deleted: bool = False
    offer_is_active: bool = True
    offer_is_approved: bool = True
    structure_is_validated: bool = True
    timezone: str = "Europe/Paris"
    """The venue's."""

    @property
    def remaining(self) -> int | None:
        """Places left, never negative; None when unlimited."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def capacity_kept(offered: int | None, taken: int) -> int | None:
    """What an offered quantity becomes here: never below what is taken, which stays honoured."""
    return None if offered is None else max(offered, taken)


StockRefusal = StockNotBookable | BookingClosed | SoldOut

Condition = Callable[[Stock, datetime, int], StockRefusal | None]
"""(stock, now, places asked for) → why not."""


def not_deleted(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    return StockNotBookable() if stock.is_deleted else None


def offer_active(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    return None if stock.offer_is_active else StockNotBookable()


def offer_approved(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    return None if stock.offer_is_approved else StockNotBookable()


def structure_validated(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    return None if stock.structure_is_validated else StockNotBookable()


def booking_open(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    """Bookable from `booking_opens_at`, included (2024+)."""
    opens_at = stock.booking_opens_at
    return StockNotBookable() if opens_at is not None and now < opens_at else None


def not_started(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    """An event that starts now has started."""
    started = stock.starts_at is not None and stock.starts_at <= now
    return BookingClosed(stock.starts_at, stock.timezone) if stock.starts_at and started else None


def before_limit(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    """The limit itself is too late."""
    limit = stock.booking_limit_at
    return BookingClosed(limit, stock.timezone) if limit is not None and limit <= now else None


def until_limit(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    """The limit itself is still in time: the edition of 2018."""
    limit = stock.booking_limit_at
    return BookingClosed(limit, stock.timezone) if limit is not None and limit < now else None


def places_left(stock: Stock, now: datetime, places: int) -> StockRefusal | None:
    remaining = stock.remaining
    return SoldOut(remaining) if remaining is not None and remaining < places else None


CONDITIONS: tuple[Condition, ...] = (
    not_deleted,
    offer_active,
    offer_approved,
    structure_validated,
    booking_open,
    before_limit,
    not_started,
    places_left,
)
"""Today's conditions, first failure wins."""


def first_obstacle(stock: Stock, now: datetime, places: int = 1) -> StockRefusal | None:
    """Why `places` of the stock cannot be booked now by anybody, or None when they can."""
    for condition in CONDITIONS:
        refusal = condition(stock, now, places)
        if refusal is not None:
            return refusal
    return None
