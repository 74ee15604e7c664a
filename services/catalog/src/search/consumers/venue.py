"""`catalog.venue.v1`"""

from pydantic import Field

from search.consumers.message import StateMessage
from search.state.records import VenueRecord


class VenueMessage(StateMessage):
    topic = "catalog.venue.v1"

    structure_status: str
    name: str
    public_name: str | None = None
    is_virtual: bool = False
    city: str | None = None
    timezone: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    def record(self) -> VenueRecord:
        return VenueRecord(
            id=self.id,
            version=self.version,
            structure_status=self.structure_status,
            name=self.public_name or self.name,
            city=self.city,
            timezone=self.timezone,
            is_virtual=self.is_virtual,
            latitude=self.latitude,
            longitude=self.longitude,
        )
