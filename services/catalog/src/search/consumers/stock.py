"""`catalog.stock.v1`"""

from pydantic import AwareDatetime, Field

from search.consumers.message import StateMessage
from search.domain.instants import microseconds, optional_microseconds
from search.state.records import StockRecord


class StockMessage(StateMessage):
    topic = "catalog.stock.v1"

    offer_id: str
    price_cents: int = Field(ge=0)
    quantity: int | None = Field(default=None, ge=0)
    starts_at: AwareDatetime | None = None
    booking_limit_at: AwareDatetime | None = None
    is_deleted: bool = False
    created_at: AwareDatetime

    def record(self) -> StockRecord:
        return StockRecord(
            id=self.id,
            version=self.version,
            offer_id=self.offer_id,
            price_cents=self.price_cents,
            created_us=microseconds(self.created_at),
            quantity=self.quantity,
            starts_us=optional_microseconds(self.starts_at),
            limit_us=optional_microseconds(self.booking_limit_at),
            is_deleted=self.is_deleted,
        )
