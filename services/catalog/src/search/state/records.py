"""What the replica keeps of each aggregate: the columns of its table, named once.

Instants are microseconds (UTC). SQLite gives flags back as 0 and 1.
"""

from dataclasses import dataclass, fields

from search.domain.facts import Offer, Stock, Venue
from search.domain.geography import Position
from search.domain.instants import from_microseconds, from_optional_microseconds


@dataclass(frozen=True, slots=True)
class VenueRecord:
    id: str
    version: int
    structure_status: str
    name: str
    city: str | None
    timezone: str | None
    is_virtual: bool
    latitude: float | None
    longitude: float | None

    @property
    def facts(self) -> Venue:
        located = self.latitude is not None and self.longitude is not None
        return Venue(
            id=self.id,
            structure_status=self.structure_status,
            name=self.name,
            city=self.city,
            timezone=self.timezone,
            is_virtual=bool(self.is_virtual),
            position=Position(self.latitude, self.longitude) if located else None,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class OfferRecord:
    id: str
    version: int
    venue_id: str
    subcategory_id: str
    name: str
    validation: str
    is_active: bool
    published_us: int | None
    description: str | None
    artist: str | None
    isbn: str | None
    product_key: str | None
    is_duo: bool
    is_digital: bool
    ranking_weight: int

    @property
    def facts(self) -> Offer:
        return Offer(
            id=self.id,
            venue_id=self.venue_id,
            subcategory_id=self.subcategory_id,
            name=self.name,
            validation=self.validation,
            is_active=bool(self.is_active),
            published_at=from_optional_microseconds(self.published_us),
            description=self.description,
            artist=self.artist,
            isbn=self.isbn,
            product_key=self.product_key,
            is_duo=bool(self.is_duo),
            is_digital=bool(self.is_digital),
            ranking_weight=self.ranking_weight,
        )


@dataclass(frozen=True, slots=True)
class StockRecord:
    id: str
    version: int
    offer_id: str
    price_cents: int
    created_us: int
    quantity: int | None
    starts_us: int | None
    limit_us: int | None
    is_deleted: bool

    def facts(self, booked: int) -> Stock:
        return Stock(
            id=self.id,
            offer_id=self.offer_id,
            price_cents=self.price_cents,
            created_at=from_microseconds(self.created_us),
            quantity=self.quantity,
            booked=booked,
            starts_at=from_optional_microseconds(self.starts_us),
            booking_limit_at=from_optional_microseconds(self.limit_us),
            is_deleted=bool(self.is_deleted),
        )


@dataclass(frozen=True, slots=True)
class AvailabilityRecord:
    """`id` is the stock's; `booked` counts places."""

    id: str
    version: int
    offer_id: str
    booked: int


Record = VenueRecord | OfferRecord | StockRecord | AvailabilityRecord

TABLE_OF: dict[type[Record], str] = {
    VenueRecord: "venues",
    OfferRecord: "offers",
    StockRecord: "stocks",
    AvailabilityRecord: "availabilities",
}


def columns(record: type[Record]) -> tuple[str, ...]:
    """The columns that make a record, in the order of its fields."""
    return tuple(field.name for field in fields(record))
