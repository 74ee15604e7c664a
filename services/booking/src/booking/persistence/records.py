"""Rows as plain values: those of booking's own tables, and the copies of what other contexts own.

The fields of a record that is stored are named after its table's columns (`tests/persistence/test_records.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from booking.domain.booking import Booking, Status
from booking.domain.subcategories import subcategory_of
from booking.domain.wallet import Envelope


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """One booking with the venue's zone, the beneficiary's name and the state of its payment.

    The fields up to `warned_on` are those of the table, in its order.
    """

    id: UUID
    version: int
    token: str
    person_id: UUID
    stock_id: UUID
    offer_id: UUID
    venue_id: UUID
    structure_id: UUID
    offer_name: str
    subcategory_id: str
    wallet_id: UUID | None
    deposit_kind: str | None
    capped_deposit: str
    quantity: int
    unit_price_cents: int
    status: str
    created_at: datetime
    starts_at: datetime | None
    cancellation_limit_at: datetime | None
    used_at: datetime | None
    cancelled_at: datetime | None
    cancellation_reason: str | None
    reimbursed_at: datetime | None
    warned_on: date | None
    timezone: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    url: str | None
    price_label: str | None
    has_payment: bool
    structure_is_closed: bool

    @property
    def total_cents(self) -> int:
        return self.unit_price_cents * self.quantity

    @property
    def rules(self) -> Booking:
        """What the rules look at."""
        return Booking(
            person_id=self.person_id,
            status=Status(self.status),
            subcategory=subcategory_of(self.subcategory_id),
            created_at=self.created_at,
            starts_at=self.starts_at,
            used_at=self.used_at,
            cancellation_limit_at=self.cancellation_limit_at,
            has_payment=self.has_payment,
            structure_is_closed=self.structure_is_closed,
            timezone=self.timezone,
        )


@dataclass(frozen=True, slots=True)
class AvailabilityRecord:
    """What is left of a stock, as it is published; `capacity` None = unlimited."""

    id: UUID
    offer_id: UUID
    capacity: int | None
    taken: int
    availability_version: int


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """One grant with what was spent of it."""

    id: UUID
    kind: str
    granted_at: datetime
    envelope: Envelope


# -- copies ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonCopy:
    """identity's person: who books, and where to write to them."""

    id: UUID
    version: int
    roles: list[str]
    is_active: bool
    email: str | None
    first_name: str | None
    last_name: str | None
    phone: str | None
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class GrantCopy:
    """identity's grant, as it is published; what is spent of it is ours."""

    id: UUID
    version: int
    person_id: UUID
    kind: str
    amount_cents: int
    digital_cap_cents: int | None
    physical_cap_cents: int | None
    granted_at: datetime
    expires_at: datetime | None
    replaces_id: UUID | None


@dataclass(frozen=True, slots=True)
class VenueCopy:
    """catalog's venue: where, in which zone, and where to write to; `name` is the public one."""

    id: UUID
    version: int
    structure_id: UUID
    structure_status: str
    name: str
    street: str | None
    postal_code: str | None
    city: str | None
    department_code: str | None
    timezone: str
    booking_email: str | None


@dataclass(frozen=True, slots=True)
class OfferCopy:
    """catalog's offer: what may be booked and under which conditions."""

    id: UUID
    version: int
    venue_id: UUID
    subcategory_id: str
    name: str
    is_duo: bool
    url: str | None
    validation: str
    is_active: bool
    published_at: datetime | None
    isbn: str | None
    number: int | None
    """catalog's, for partners' contracts; None until it is told."""


@dataclass(frozen=True, slots=True)
class StockCopy:
    """catalog's stock as it is offered; `offered` None = unlimited. What is taken of it is ours."""

    id: UUID
    version: int
    offer_id: UUID
    price_label: str | None
    price_cents: int
    starts_at: datetime | None
    booking_limit_at: datetime | None
    is_deleted: bool
    offered: int | None


@dataclass(frozen=True, slots=True)
class PaymentCopy:
    """finance's reimbursement of a booking."""

    id: UUID
    version: int
    booking_id: UUID
    status: str
    paid_at: datetime | None
