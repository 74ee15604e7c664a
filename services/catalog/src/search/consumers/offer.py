"""`catalog.offer.v1`"""

from pydantic import AwareDatetime

from search.consumers.message import StateMessage
from search.domain.instants import optional_microseconds
from search.state.records import OfferRecord


class OfferMessage(StateMessage):
    topic = "catalog.offer.v1"

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

    def record(self) -> OfferRecord:
        return OfferRecord(
            id=self.id,
            version=self.version,
            venue_id=self.venue_id,
            subcategory_id=self.subcategory_id,
            name=self.name,
            validation=self.validation,
            is_active=self.is_active,
            published_us=optional_microseconds(self.published_at),
            description=self.description,
            artist=self.artist,
            isbn=self.isbn,
            product_key=self.product_key,
            is_duo=self.is_duo,
            is_digital=bool(self.url),
            ranking_weight=self.ranking_weight or 0,
        )
