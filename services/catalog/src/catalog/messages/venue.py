"""`catalog.venue.v1`"""

from typing import Literal
from uuid import UUID

from pydantic import Field

from catalog.domain.facts import StructureStatus
from catalog.messages.state import State, published_state
from catalog.persistence.records import VenueRecord
from catalog.persistence.tables import venues
from catalog.persistence.venues import SEEN, seen_venue
from chassis import republish
from chassis.outbox import Event, Published
from chassis.sealed import Sealer

VENUE_TOPIC = "catalog.venue.v1"


class VenueState(State):
    structure_id: UUID
    structure_status: Literal["pending", "validated", "rejected", "closed"] = Field(
        description="pending too while the venue itself is held back"
    )
    siret: str | None = Field(pattern=r"^\d{14}$")
    name: str
    public_name: str | None
    is_virtual: bool
    street: str | None
    postal_code: str | None
    city: str | None
    department_code: str | None
    timezone: str = Field(description="IANA zone of the venue's clock")
    latitude: float | None
    longitude: float | None
    sealed: str = Field(description="sealed: booking_email, null when there is none")


def venue_event(kind: str, venue: VenueRecord, structure_status: str, sealer: Sealer) -> Event:
    """A venue held back is published as one of a pending structure."""
    state = published_state(
        VenueState,
        venue,
        structure_status=structure_status if venue.is_validated else StructureStatus.PENDING.value,
        sealed=sealer.seal({"booking_email": venue.booking_email}, (VENUE_TOPIC, venue.id)),
    )
    return Event(VENUE_TOPIC, venue.id, venue.version, kind, state)


def published_venues(sealer: Sealer) -> Published:
    def event(row: object) -> Event:
        seen = seen_venue(row)  # type: ignore[arg-type]  # a row of SEEN
        return venue_event("venue.republished", seen.venue, seen.structure_status.value, sealer)

    return republish.published(VENUE_TOPIC, venues, event, SEEN)
