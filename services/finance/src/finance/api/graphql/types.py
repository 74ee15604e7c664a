"""What the subgraph shows. Entities of other subgraphs are extended with their money."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from chassis.clock import parse_instant
from chassis.graphql import Cents, Connection, Info, decode_cursor, page, page_size
from finance.api.graphql import access
from finance.api.graphql.identifiers import known_uuid, uuid_of
from finance.api.graphql.loaders import load_reimbursement
from finance.domain.cashflows import batch_label
from finance.domain.money import percent
from finance.persistence import bank_accounts, queries
from finance.persistence.rows import AnyRow
from finance.persistence.states import reimbursement_status
from finance.usecases.estimate_awaiting import estimate_awaiting

First = Annotated[int, strawberry.argument(description="1 to 100.")]


@strawberry.enum(description="Where an account stands.")
class BankAccountStatus(Enum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPLACED = "replaced"


@strawberry.enum(description="Where a reimbursement stands.")
class ReimbursementStatus(Enum):
    PRICED = strawberry.enum_value("priced", description="Waits for an accepted bank account.")
    PROCESSED = strawberry.enum_value("processed", description="Settled: there was nothing to pay.")
    PAID = strawberry.enum_value("paid", description="In a transfer order.")


_STATUS_LABELS = {
    ReimbursementStatus.PRICED: "En attente de coordonnées bancaires",
    ReimbursementStatus.PROCESSED: "Non remboursable",
    ReimbursementStatus.PAID: "Remboursement envoyé",
}


@strawberry.type(
    description="An account a structure is, or asked to be, paid on. Seen by it and by finance only."
)
class BankAccount:
    id: strawberry.ID
    structure: Annotated["Structure", strawberry.lazy(__name__)] | None
    label: str
    iban: str = strawberry.field(description="Whole, without spaces.")
    bic: str
    status: BankAccountStatus
    submitted_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls(
            id=strawberry.ID(str(row.id)),
            structure=Structure(id=strawberry.ID(str(row.structure_id))),
            label=row.label,
            iban=row.iban,
            bic=row.bic,
            status=BankAccountStatus(row.status),
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
        )


@strawberry.type(description="What a place is paid for one used booking.")
class Reimbursement:
    id: strawberry.ID
    booking: Annotated["Booking", strawberry.lazy(__name__)] | None
    offer_name: str
    booked_cents: Cents = strawberry.field(description="What the beneficiary's credit paid.")
    amount_cents: Cents = strawberry.field(description="What the place is paid.")
    contribution_cents: Cents = strawberry.field(description="What the place bears: booked less paid.")
    rate: str | None = strawberry.field(
        description="As on the statement: `95%`. None when a rule pays an amount."
    )
    status: ReimbursementStatus
    status_label: str = strawberry.field(description="The status, in French.")
    batch_label: str | None = strawberry.field(description="`VIR12`; None while it waits.")
    transfer_label: str | None
    used_at: datetime
    paid_at: datetime | None

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        status = ReimbursementStatus(reimbursement_status(row.status, paid=row.paid_at is not None))
        return cls(
            id=strawberry.ID(str(row.id)),
            booking=Booking(id=strawberry.ID(str(row.booking_id))),
            offer_name=row.offer_name,
            booked_cents=Cents(row.booked_cents),
            amount_cents=Cents(row.reimbursed_cents),
            contribution_cents=Cents(row.booked_cents - row.reimbursed_cents),
            rate=None if row.rate_bp is None else percent(row.rate_bp),
            status=status,
            status_label=_STATUS_LABELS[status],
            batch_label=None if row.batch_number is None else batch_label(row.batch_number),
            transfer_label=row.transfer_label,
            used_at=row.used_at,
            paid_at=row.paid_at,
        )


@strawberry.type(description="The transfer order given to the bank: SEPA pain.001.001.09.")
class SepaFile:
    name: str
    sha256: str
    content: str
    transaction_count: int
    control_sum_cents: Cents

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls(
            name=row.name,
            sha256=row.sha256,
            content=row.content,
            transaction_count=row.transaction_count,
            control_sum_cents=Cents(row.control_sum_cents),
        )


@strawberry.type(description="A closed fortnight: one cash run.")
class CashflowBatch:
    id: strawberry.ID
    label: str = strawberry.field(description="`VIR12`.")
    last_day: date
    cutoff: datetime = strawberry.field(description="Bookings used before this instant are in it.")
    closed_at: datetime
    transfer_label: str = strawberry.field(description="What the places read on their bank statement.")
    execution_date: date
    total_cents: Cents
    transfer_count: int
    booking_count: int = strawberry.field(description="Bookings paid.")

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls(
            id=strawberry.ID(str(row.id)),
            label=batch_label(row.number),
            last_day=row.last_day,
            cutoff=row.cutoff,
            closed_at=row.closed_at,
            transfer_label=row.transfer_label,
            execution_date=row.execution_date,
            total_cents=Cents(row.total_cents),
            transfer_count=row.transfer_count,
            booking_count=row.booking_count,
        )

    @strawberry.field(description="None when the batch paid nobody.")
    async def sepa_file(self, info: Info) -> SepaFile | None:
        access.require_finance(info)
        async with info.context.db.read() as connection:
            row = await queries.sepa_file(connection, uuid_of(self.id))
        return SepaFile.of(row) if row is not None else None


@strawberry.type(description="Used bookings that will be paid, at the rates of today.")
class AwaitingReimbursement:
    count: int
    amount_cents: Cents


async def awaiting_of(info: Info, structure_id: UUID) -> AwaitingReimbursement:
    access.require_sight_of(structure_id, info)
    async with info.context.db.read() as connection:
        awaiting = await estimate_awaiting(connection, structure_id)
    return AwaitingReimbursement(count=awaiting.count, amount_cents=Cents(awaiting.amount_cents))


async def bank_accounts_of(info: Info, structure_id: UUID) -> list[BankAccount]:
    access.require_sight_of(structure_id, info)
    async with info.context.db.read() as connection:
        rows = await bank_accounts.of_structure(connection, structure_id)
    return [BankAccount.of(row) for row in rows]


async def reimbursements_of(
    info: Info, structure_id: UUID, first: int, after: str | None
) -> Connection[Reimbursement]:
    access.require_sight_of(structure_id, info)
    size = page_size(first)
    keys = decode_cursor(after, parse_instant, UUID)
    async with info.context.db.read() as connection:
        rows = await queries.reimbursements_of_structure(
            connection, structure_id, (keys[0], keys[1]) if keys else None, size + 1
        )
    return page(rows, size, node=Reimbursement.of, keys=lambda row: (row.ordered_at, str(row.id)))


@strawberry.federation.type(keys=["id"], description="A booking, with what its place is paid for it.")
class Booking:
    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Booking":
        return cls(id=id)

    @strawberry.field(description="Seen by the structure and by finance; None before the close.")
    async def reimbursement(self, info: Info) -> Reimbursement | None:
        booking_id = known_uuid(self.id)
        row = await load_reimbursement(info, booking_id) if booking_id else None
        if row is None or not access.may_see(row.structure_id, info.context.principal):
            return None
        return Reimbursement.of(row)


@strawberry.federation.type(keys=["id"], description="A structure, with its money.")
class Structure:
    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Structure":
        return cls(id=id)

    @strawberry.field
    async def awaiting_reimbursement(self, info: Info) -> AwaitingReimbursement | None:
        return await awaiting_of(info, uuid_of(self.id))

    @strawberry.field(description="Newest first.")
    async def reimbursements(
        self, info: Info, first: First = 20, after: str | None = None
    ) -> Connection[Reimbursement] | None:
        return await reimbursements_of(info, uuid_of(self.id), first, after)

    @strawberry.field(description="Newest first.")
    async def bank_accounts(self, info: Info) -> list[BankAccount] | None:
        return await bank_accounts_of(info, uuid_of(self.id))
