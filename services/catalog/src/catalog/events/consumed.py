"""The fields that the catalogue uses of other contexts' events; all others are ignored."""

from typing import Literal

from pydantic import Field

from chassis.consumer import Message

STRUCTURE_TOPIC = "identity.structure.v1"
AVAILABILITY_TOPIC = "booking.availability.v1"


class StructureTold(Message):
    siren: str = Field(pattern=r"^\d{9}$")
    name: str | None = None
    status: Literal["pending", "validated", "rejected", "closed"]


class AvailabilityTold(Message):
    """`id` is the stock's; `booked` counts the places of bookings that are not cancelled."""

    booked: int = Field(ge=0)
