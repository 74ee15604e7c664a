"""Rows of finance, frozen and typed. Amounts are integer cents, rates basis points, instants UTC.

None that holds an IBAN or a name has a repr: it would end in a log.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StructureCopy:
    """A structure as identity publishes it: whom transfers name, and what its people may do here."""

    id: UUID
    version: int
    siren: str
    name: str
    status: str
    may_enter_bank_details: bool


@dataclass(frozen=True, slots=True)
class VenueCopy:
    """A venue as catalog publishes it: who answers for it and where it is."""

    id: UUID
    version: int
    structure_id: UUID
    siret: str | None
    name: str
    street: str | None
    postal_code: str | None
    city: str | None


@dataclass(frozen=True, slots=True)
class BookingCopy:
    """A booking as booking publishes it; `ordered_at` is the instant that orders it in a counter."""

    id: UUID
    version: int
    structure_id: UUID
    venue_id: UUID
    offer_id: UUID
    offer_name: str
    subcategory_id: str
    deposit_kind: str | None
    quantity: int
    unit_price_cents: int
    status: str
    created_at: datetime
    used_at: datetime | None
    starts_at: datetime | None
    ordered_at: datetime | None
    sealed: str


@dataclass(frozen=True, slots=True, repr=False)
class BankAccountRecord:
    """An account that a structure is, or asked to be, paid on."""

    id: UUID
    version: int
    structure_id: UUID
    label: str
    iban: str
    bic: str
    status: str
    submitted_by: UUID
    submitted_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A closed fortnight."""

    id: UUID
    number: int
    last_day: date
    cutoff: datetime
    closed_at: datetime
    transfer_label: str
    execution_date: date
    total_cents: int
    transfer_count: int
    booking_count: int
    closed_by: UUID | None = None
    """None: by itself, on its day."""
    accepted_by: UUID | None = None
    """Somebody else: until then the bank is given nothing."""
    accepted_at: datetime | None = None
    settled_at: datetime | None = None
    """None while its close is under way: until then nobody sees it."""


@dataclass(frozen=True, slots=True, repr=False)
class CashflowRecord:
    """What one bank account is paid in one batch."""

    id: UUID
    batch_id: UUID
    structure_id: UUID
    bank_account_id: UUID
    amount_cents: int
    end_to_end_id: str
    recipient_name: str
    recipient_siren: str


@dataclass(frozen=True, slots=True)
class DebitNoteRecord:
    """What one bank account owed for too long and is claimed in one batch."""

    id: UUID
    batch_id: UUID
    structure_id: UUID
    bank_account_id: UUID
    amount_cents: int


@dataclass(frozen=True, slots=True, repr=False)
class SepaFileRecord:
    """A transfer order as given to the bank."""

    batch_id: UUID
    name: str
    sha256: str
    content: str
    transaction_count: int
    control_sum_cents: int


class NewPricing(NamedTuple):
    """A price as a run writes it, in the order of COPY's columns."""

    id: UUID
    version: int
    booking_id: UUID
    structure_id: UUID
    venue_id: UUID
    booked_cents: int
    reimbursed_cents: int
    rate_bp: int | None
    rule: str
    custom_rule_id: UUID | None
    revenue_cents: int
    used_at: datetime
    ordered_at: datetime
    civil_year: int
    status: str
    priced_in: UUID


@dataclass(frozen=True, slots=True)
class PricingRecord:
    """A price as it stands, with the number of the batch that settled it (None while it waits)."""

    id: UUID
    version: int
    booking_id: UUID
    structure_id: UUID
    booked_cents: int
    reimbursed_cents: int
    rate_bp: int | None
    status: str
    paid_at: datetime | None
    reversed_at: datetime | None
    batch_number: int | None


class Reversal(NamedTuple):
    """What a place owes back for a processed price, as it is written: the opposite of that price.

    It stands in the counter where the price stood, so that the sum is as if there had been neither.
    """

    id: UUID
    version: int
    booking_id: UUID
    structure_id: UUID
    venue_id: UUID
    booked_cents: int
    reimbursed_cents: int
    rate_bp: int | None
    rule: str
    custom_rule_id: UUID | None
    revenue_cents: int
    used_at: datetime
    ordered_at: datetime
    civil_year: int
    status: str
    priced_in: UUID
    reversal_of: UUID


@dataclass(frozen=True, slots=True)
class ReimbursementRecord:
    """A price that holds, as people read it: of which offer, in which transfer."""

    id: UUID
    booking_id: UUID
    structure_id: UUID
    offer_name: str
    booked_cents: int
    reimbursed_cents: int
    rate_bp: int | None
    status: str
    used_at: datetime
    ordered_at: datetime
    paid_at: datetime | None
    reversal_of: UUID | None
    batch_number: int | None
    transfer_label: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is priced and not yet paid."""

    count: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ClosePart:
    """Structures that a close settles in one transaction, and publishes in another."""

    part: int
    structure_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class Balance:
    """What waits for a structure on its accepted account; `last_cashflow_at`: when that was last paid."""

    structure_id: UUID
    bank_account_id: UUID
    name: str
    siren: str
    total_cents: int
    last_cashflow_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class Payable:
    """A cashflow of a batch with the account that it is paid on."""

    id: UUID
    structure_id: UUID
    bank_account_id: UUID
    amount_cents: int
    end_to_end_id: str
    recipient_name: str
    recipient_siren: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a structure's first venue with an address is."""

    structure_id: UUID
    street: str | None
    postal_code: str | None
    city: str


@dataclass(frozen=True, slots=True, repr=False)
class PaidBooking:
    """A booking paid in a batch, as a line of the spreadsheet; who booked is still sealed."""

    booking_id: UUID
    transfer_label: str
    venue_name: str | None
    siret: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    iban: str
    offer_name: str
    sealed: str
    used_at: datetime
    booked_cents: int
    rate_bp: int | None
    reimbursed_cents: int


class LedgerLine(NamedTuple):
    """A line of an entry, in the order of COPY's columns."""

    entry_id: UUID
    kind: str
    account: str
    amount_cents: int
    structure_id: UUID
    batch_id: UUID | None
    subject_id: UUID
    recorded_at: datetime
