"""Whole rows as frozen values: their fields are columns of the table, and name each of them once.

`changed_at` is the database's own affair and of no record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.domain.compliance import OfferValidation
from catalog.domain.facts import OfferFacts, PlaceFacts, StockFacts, StructureStatus


@dataclass(frozen=True, slots=True)
class StructureRecord:
    """A structure as identity published it; version 0, without SIREN and name, while it has not."""

    id: UUID
    version: int
    siren: str | None
    name: str | None
    status: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class VenueRecord:
    """`is_validated` false: held back, its SIRET is another structure's."""

    id: UUID
    version: int
    structure_id: UUID
    is_virtual: bool
    is_validated: bool
    siret: str | None
    comment: str | None
    name: str
    public_name: str | None
    description: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    department_code: str | None
    timezone: str
    latitude: float | None
    longitude: float | None
    booking_email: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StockRecord:
    """`booked` is what booking last published."""

    id: UUID
    version: int
    offer_id: UUID
    price_label: str | None
    price_cents: int
    quantity: int | None
    starts_at: datetime | None
    booking_limit_at: datetime | None
    is_deleted: bool
    booked: int
    availability_version: int
    created_at: datetime

    @property
    def facts(self) -> StockFacts:
        """What the rules of visibility look at."""
        return StockFacts(
            price_cents=self.price_cents,
            quantity=self.quantity,
            starts_at=self.starts_at,
            booking_limit_at=self.booking_limit_at,
            booked=self.booked,
            is_deleted=self.is_deleted,
        )


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """`extra`: the conditional fields of the sub-category, by their name; `number`: see `chassis.public_numbers`."""

    id: UUID
    version: int
    venue_id: UUID
    structure_id: UUID
    subcategory_id: str
    name: str
    description: str | None
    extra: Mapping[str, str]
    artist: str | None
    is_duo: bool
    url: str | None
    isbn: str | None
    product_key: str
    validation: str
    is_active: bool
    published_at: datetime | None
    audio_accessible: bool
    mental_accessible: bool
    motor_accessible: bool
    visual_accessible: bool
    withdrawal_type: str | None
    withdrawal_delay_seconds: int | None
    withdrawal_details: str | None
    booking_contact: str | None
    ranking_weight: int
    created_at: datetime
    accepted_price_cents: int | None
    number: int | None

    def facts(self, stocks: Iterable[StockRecord]) -> OfferFacts:
        """What the rules of visibility look at; `stocks` are the offer's, deleted or not."""
        return OfferFacts(
            validation=OfferValidation(self.validation),
            is_active=self.is_active,
            stocks=tuple(stock.facts for stock in stocks),
            published_at=self.published_at,
        )


@dataclass(frozen=True, slots=True)
class BookedOffer:
    """That a person has booked an offer, then at this venue."""

    person_id: UUID
    offer_id: UUID
    venue_id: UUID


@dataclass(frozen=True, slots=True)
class SeenVenue:
    """A venue with what decides whether others may see it."""

    venue: VenueRecord
    structure_status: StructureStatus


@dataclass(frozen=True, slots=True)
class SeenOffer:
    """An offer with what decides, beside its stocks, whether others may see it."""

    offer: OfferRecord
    place: PlaceFacts


Record = StructureRecord | VenueRecord | OfferRecord | StockRecord
