"""The fields search uses of other processes' events, and the rows they become.

Tolerant: unknown fields are ignored, and what search can do without may be missing.
"""

from abc import abstractmethod
from typing import Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from search.domain.instants import microseconds, optional_microseconds


class Told(BaseModel):
    """The public state of one aggregate, and its version."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    topic: ClassVar[str]
    table: ClassVar[str]

    id: str = Field(min_length=1)
    version: int = Field(ge=0)

    @abstractmethod
    def row(self) -> dict[str, Any]:
        """The row of `state.tables` it becomes."""


class VenueTold(Told):
    topic = "catalog.venue.v1"
    table = "venues"

    structure_status: str
    name: str
    public_name: str | None = None
    is_virtual: bool = False
    city: str | None = None
    timezone: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    def row(self) -> dict[str, Any]:
        return {**self.model_dump(exclude={"public_name"}), "name": self.public_name or self.name}


class OfferTold(Told):
    topic = "catalog.offer.v1"
    table = "offers"

    venue_id: str
    subcategory_id: str
    name: str
    validation: str
    is_active: bool
    published_at: AwareDatetime | None = None
    description: str | None = None
    artist: str | None = None
    url: str | None = None
    isbn: str | None = None
    product_key: str | None = None
    is_duo: bool = False
    ranking_weight: int | None = None

    def row(self) -> dict[str, Any]:
        return {
            **self.model_dump(exclude={"published_at", "url"}),
            "published_us": optional_microseconds(self.published_at),
            "is_digital": bool(self.url),
            "ranking_weight": self.ranking_weight or 0,
        }


class StockTold(Told):
    topic = "catalog.stock.v1"
    table = "stocks"

    offer_id: str
    price_cents: int = Field(ge=0)
    quantity: int | None = Field(default=None, ge=0)
    starts_at: AwareDatetime | None = None
    booking_limit_at: AwareDatetime | None = None
    is_deleted: bool = False
    created_at: AwareDatetime

    def row(self) -> dict[str, Any]:
        return {
            **self.model_dump(include={"id", "version", "offer_id", "price_cents", "quantity", "is_deleted"}),
            "created_us": microseconds(self.created_at),
            "starts_us": optional_microseconds(self.starts_at),
            "limit_us": optional_microseconds(self.booking_limit_at),
        }


class AvailabilityTold(Told):
    """`id` is the stock's. Only `booked` counts: the quantity is heard from the catalog first."""

    topic = "booking.availability.v1"
    table = "availabilities"

    offer_id: str
    booked: int = Field(ge=0)

    def row(self) -> dict[str, Any]:
        return self.model_dump()


TOLD: dict[str, type[Told]] = {
    model.topic: model for model in (VenueTold, OfferTold, StockTold, AvailabilityTold)
}
"""Topic → model."""
