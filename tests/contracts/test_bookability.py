"""« Can it be booked now? » has one answer, whoever is asked: the catalogue, search or booking.

Each of them judges by its own rules what the catalogue publishes; one strategy draws what that may be.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import event, example, given
from hypothesis import strategies as st

from booking.domain import stock as booking
from catalog.domain import facts as catalog
from catalog.domain.compliance import OfferValidation
from catalog.domain.visibility import is_stock_bookable
from search.domain import facts as search
from search.domain.bookability import bookable_period, unmet

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
_EDGES = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1)])
_AGES = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
_PAST, _TO_COME = _AGES.map(lambda age: NOW - age), _AGES.map(lambda age: NOW + age)
_INSTANTS = st.none() | _EDGES.map(lambda since: NOW + since) | _PAST | _TO_COME
_COUNTS = st.integers(0, 4)


def mostly(good: st.SearchStrategy[Any], any_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nine times out of ten in order: among eight conditions one fault hides what the others do."""
    return st.integers(0, 9).flatmap(lambda chance: any_ if chance == 5 else good)


@dataclass(frozen=True, slots=True)
class Published:
    """One stock, its offer and its venue as they may stand in the catalogue's events."""

    structure_status: str = "validated"
    venue_is_validated: bool = True
    validation: str = "APPROVED"
    published_at: datetime | None = NOW
    quantity: int | None = None
    booked: int = 0
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    is_deleted: bool = False

    @property
    def is_active(self) -> bool:
        """The table lets nothing else be active, and publishing sets both."""
        return self.validation == "APPROVED" and self.published_at is not None

    @property
    def venue_status(self) -> str:
        """A venue held back is published as one of a pending structure."""
        return self.structure_status if self.venue_is_validated else "pending"


PUBLISHED = st.builds(
    Published,
    structure_status=mostly(st.just("validated"), st.sampled_from(["pending", "rejected", "closed"])),
    venue_is_validated=mostly(st.just(True), st.just(False)),
    validation=mostly(st.just("APPROVED"), st.sampled_from(["DRAFT", "PENDING", "REJECTED"])),
    published_at=mostly(_PAST, _INSTANTS),
    quantity=mostly(st.none() | st.integers(5, 9), _COUNTS),
    booked=_COUNTS,
    starts_at=mostly(st.none() | _TO_COME, _INSTANTS),
    booking_limit_at=mostly(st.none() | _TO_COME, _INSTANTS),
    is_deleted=mostly(st.just(False), st.just(True)),
)


def by_the_catalogue(stock: Published) -> bool:
    lot = catalog.StockFacts(
        price_cents=1000,
        quantity=stock.quantity,
        starts_at=stock.starts_at,
        booking_limit_at=stock.booking_limit_at,
        booked=stock.booked,
        is_deleted=stock.is_deleted,
    )
    offer = catalog.OfferFacts(
        validation=OfferValidation(stock.validation),
        is_active=stock.is_active,
        stocks=(lot,),
        published_at=stock.published_at,
    )
    place = catalog.PlaceFacts(catalog.StructureStatus(stock.structure_status), stock.venue_is_validated)
    return is_stock_bookable(lot, offer, place, NOW)


def _for_search(stock: Published) -> tuple[search.Venue, search.Offer, search.Stock]:
    venue = search.Venue(id="venue", structure_status=stock.venue_status, name="Lieu")
    offer = search.Offer(
        id="offer",
        venue_id="venue",
        subcategory_id="CONCERT",
        name="Concert",
        validation=stock.validation,
        is_active=stock.is_active,
        published_at=stock.published_at,
    )
    lot = search.Stock(
        id="stock",
        offer_id="offer",
        price_cents=1000,
        created_at=NOW,
        quantity=stock.quantity,
        booked=stock.booked,
        starts_at=stock.starts_at,
        booking_limit_at=stock.booking_limit_at,
        is_deleted=stock.is_deleted,
    )
    return venue, offer, lot


def by_search(stock: Published) -> bool:
    return not unmet(*_for_search(stock), NOW)


def by_the_index_of_search(stock: Published) -> bool:
    period = bookable_period(*_for_search(stock))
    return period is not None and period.holds_at(NOW)


def by_booking(stock: Published) -> bool:
    lot = booking.Stock(
        price_cents=1000,
        capacity=booking.capacity_kept(stock.quantity, stock.booked),
        taken=stock.booked,
        starts_at=stock.starts_at,
        booking_limit_at=stock.booking_limit_at,
        booking_opens_at=stock.published_at,
        is_deleted=stock.is_deleted,
        offer_is_active=stock.is_active,
        offer_is_approved=stock.validation == "APPROVED",
        structure_is_validated=stock.venue_status == "validated",
    )
    return booking.first_obstacle(lot, NOW) is None


@given(PUBLISHED)
@example(Published())
@example(Published(quantity=1, booked=1))
@example(Published(quantity=1, booked=3))
@example(Published(starts_at=NOW))
@example(Published(booking_limit_at=NOW))
@example(Published(published_at=None))
def test_the_catalogue_search_and_booking_agree(stock: Published) -> None:
    verdict = by_the_catalogue(stock)
    event("bookable" if verdict else "not bookable")
    assert by_search(stock) == verdict
    assert by_the_index_of_search(stock) == verdict
    assert by_booking(stock) == verdict


def test_one_fault_is_enough_for_all_of_them() -> None:
    faults = (
        {"structure_status": "pending"},
        {"structure_status": "closed"},
        {"structure_status": "rejected"},
        {"venue_is_validated": False},
        {"validation": "DRAFT"},
        {"published_at": NOW + timedelta(microseconds=1)},
        {"quantity": 0},
        {"quantity": 2, "booked": 2},
        {"starts_at": NOW},
        {"booking_limit_at": NOW},
        {"is_deleted": True},
    )
    judges = (by_the_catalogue, by_search, by_the_index_of_search, by_booking)
    assert all(judge(Published()) for judge in judges)
    for fault in faults:
        assert not any(judge(Published(**fault)) for judge in judges), fault  # type: ignore[arg-type]
