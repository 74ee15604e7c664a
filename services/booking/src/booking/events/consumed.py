"""Other contexts' events, as far as booking uses them: tolerant models, unknown fields are ignored."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.consumer import Message


class Person(Message):
    """identity.person.v1"""

    roles: list[str]
    is_active: bool
    sealed: str | None = None


class SealedPerson(BaseModel):
    """What travels sealed inside a person."""

    model_config = ConfigDict(extra="ignore")

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    birth_date: date | None = None


class Grant(Message):
    """identity.grant.v1"""

    person_id: UUID
    kind: str
    amount_cents: int
    digital_cap_cents: int | None = None
    physical_cap_cents: int | None = None
    granted_at: datetime
    expires_at: datetime | None = None
    replaces_grant_id: UUID | None = None


class Venue(Message):
    """catalog.venue.v1"""

    structure_id: UUID
    structure_status: str
    name: str
    public_name: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    department_code: str | None = None
    timezone: str = "Europe/Paris"
    sealed: str | None = None


class SealedVenue(BaseModel):
    """What travels sealed inside a venue."""

    model_config = ConfigDict(extra="ignore")

    booking_email: str | None = None


class Offer(Message):
    """catalog.offer.v1"""

    venue_id: UUID
    subcategory_id: str
    name: str
    is_duo: bool
    url: str | None = None
    validation: str
    is_active: bool
    published_at: datetime | None = None


class Stock(Message):
    """catalog.stock.v1"""

    offer_id: UUID
    price_label: str | None = None
    price_cents: int
    quantity: int | None
    starts_at: datetime | None = None
    booking_limit_at: datetime | None = None
    is_deleted: bool = False


class Reimbursement(Message):
    """finance.reimbursement.v1"""

    booking_id: UUID
    status: str
    paid_at: datetime | None = None


def fields_of(message: BaseModel, *leave_out: str) -> dict[str, Any]:
    return message.model_dump(exclude=set(leave_out))
