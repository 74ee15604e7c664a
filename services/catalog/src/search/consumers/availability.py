"""`booking.availability.v1`"""

from pydantic import Field

from search.consumers.message import StateMessage
from search.state.records import AvailabilityRecord


class AvailabilityMessage(StateMessage):
    """`id` is the stock's. Only `booked` counts: the quantity is heard from the catalog first."""

    topic = "booking.availability.v1"

    offer_id: str
    booked: int = Field(ge=0)

    def record(self) -> AvailabilityRecord:
        return AvailabilityRecord(self.id, self.version, self.offer_id, self.booked)
