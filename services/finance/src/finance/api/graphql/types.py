"""What the subgraph shows. Entities of other subgraphs are extended with their money."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from chassis.clock import parse_instant
from chassis.cursors import Window
from chassis.files import FileMissing, FilesUnavailable
from chassis.graphql import (
    KEYS,
    After,
    ApiError,
    Before,
    Cents,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    known_uuid,
    node_id,
    page,
    uuid_of,
    window,
)
from chassis.graphql.jobs import Job, own_job
from finance.api.graphql import access
from finance.api.graphql.loaders import (
    find_bank_account,
    find_batch,
    find_reimbursement,
    load_awaiting,
    load_bank_accounts_of,
    load_reimbursement,
    load_reimbursements_of,
    load_sepa_file,
)
from finance.domain.cashflows import PricingState, batch_label
from finance.domain.money import percent
from finance.jobs.export_reimbursements import EXPORT_REIMBURSEMENTS
from finance.messages.reimbursement import reimbursement_status
from finance.persistence.records import BankAccountRecord, BatchRecord, ReimbursementRecord, SepaFileRecord


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
    OWED = strawberry.enum_value(
        "owed", description="Taken back: the booking is used no more. Comes off the next transfer."
    )
    RECOVERED = strawberry.enum_value("recovered", description="Came off a transfer, or was claimed.")


_STATUS_LABELS = {
    ReimbursementStatus.PRICED: "En attente de coordonnées bancaires",
    ReimbursementStatus.PROCESSED: "Non remboursable",
    ReimbursementStatus.PAID: "Remboursement envoyé",
    ReimbursementStatus.OWED: "Trop-perçu à déduire du prochain virement",
    ReimbursementStatus.RECOVERED: "Trop-perçu déduit",
}


def _status_of(record: ReimbursementRecord) -> ReimbursementStatus:
    if record.reversal_of is not None:
        waits = record.status == PricingState.VALIDATED
        return ReimbursementStatus.OWED if waits else ReimbursementStatus.RECOVERED
    return ReimbursementStatus(reimbursement_status(record.status, paid=record.paid_at is not None))


@strawberry.federation.type(
    keys=KEYS,
    description="An account a structure is, or asked to be, paid on. Seen by it and by finance only.",
)
class BankAccount:
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    structure: Annotated["Structure", strawberry.lazy(__name__)] | None
    label: str
    iban: str = strawberry.field(description="Whole, without spaces.")
    bic: str
    status: BankAccountStatus
    submitted_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, record: BankAccountRecord) -> Self:
        return cls(
            id=strawberry.ID(str(record.id)),
            structure=Structure(id=strawberry.ID(str(record.structure_id))),
            label=record.label,
            iban=record.iban,
            bic=record.bic,
            status=BankAccountStatus(record.status),
            submitted_at=record.submitted_at,
            decided_at=record.decided_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        account_id = known_uuid(id)
        record = await find_bank_account(info, account_id) if account_id else None
        if record is None or not access.may_see(record.structure_id, info.context.principal):
            return None
        return cls.of(record)


@strawberry.federation.type(keys=KEYS, description="What a place is paid for one used booking.")
class Reimbursement:
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    booking: Annotated["Booking", strawberry.lazy(__name__)] | None
    offer_name: str
    booked_cents: Cents = strawberry.field(
        description="What the beneficiary's credit paid; negative where it came back."
    )
    amount_cents: Cents = strawberry.field(
        description="What the place is paid; negative where it owes back what it was paid."
    )
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
    def of(cls, record: ReimbursementRecord) -> Self:
        status = _status_of(record)
        return cls(
            id=strawberry.ID(str(record.id)),
            booking=Booking(id=strawberry.ID(str(record.booking_id))),
            offer_name=record.offer_name,
            booked_cents=Cents(record.booked_cents),
            amount_cents=Cents(record.reimbursed_cents),
            contribution_cents=Cents(record.booked_cents - record.reimbursed_cents),
            rate=None if record.rate_bp is None else percent(record.rate_bp),
            status=status,
            status_label=_STATUS_LABELS[status],
            batch_label=None if record.batch_number is None else batch_label(record.batch_number),
            transfer_label=record.transfer_label,
            used_at=record.used_at,
            paid_at=record.paid_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        reimbursement_id = known_uuid(id)
        record = await find_reimbursement(info, reimbursement_id) if reimbursement_id else None
        if record is None or not access.may_see(record.structure_id, info.context.principal):
            return None
        return cls.of(record)


@strawberry.type(description="The transfer order given to the bank: SEPA pain.001.001.09.")
class SepaFile:
    name: str
    sha256: str
    content: str
    transaction_count: int
    control_sum_cents: Cents

    @classmethod
    def of(cls, record: SepaFileRecord) -> Self:
        return cls(
            name=record.name,
            sha256=record.sha256,
            content=record.content,
            transaction_count=record.transaction_count,
            control_sum_cents=Cents(record.control_sum_cents),
        )


@strawberry.federation.type(keys=KEYS, description="A closed fortnight: one cash run.")
class CashflowBatch:
    id: strawberry.ID
    node_id: strawberry.ID = node_id()
    label: str = strawberry.field(description="`VIR12`.")
    last_day: date
    cutoff: datetime = strawberry.field(description="Bookings used before this instant are in it.")
    closed_at: datetime
    transfer_label: str = strawberry.field(description="What the places read on their bank statement.")
    execution_date: date
    total_cents: Cents
    transfer_count: int
    booking_count: int = strawberry.field(description="Bookings paid.")
    accepted_at: datetime | None = strawberry.field(
        description="When somebody else than who closed it accepted its transfers; none yet when null."
    )

    @classmethod
    def of(cls, record: BatchRecord) -> Self:
        return cls(
            id=strawberry.ID(str(record.id)),
            label=batch_label(record.number),
            last_day=record.last_day,
            cutoff=record.cutoff,
            closed_at=record.closed_at,
            transfer_label=record.transfer_label,
            execution_date=record.execution_date,
            total_cents=Cents(record.total_cents),
            transfer_count=record.transfer_count,
            booking_count=record.booking_count,
            accepted_at=record.accepted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        batch_id = known_uuid(id)
        if batch_id is None or not access.sees_batches(info.context.principal):
            return None
        record = await find_batch(info, batch_id)
        return cls.of(record) if record is not None else None

    @strawberry.field(
        description="The order for the bank. None until the batch is accepted, and when it paid nobody."
    )
    async def sepa_file(self, info: Info) -> SepaFile | None:
        access.require_finance(info)
        if self.accepted_at is None:
            return None
        file = await load_sepa_file(info, uuid_of(self.id))
        return SepaFile.of(file) if file is not None else None


@strawberry.type(description="Used bookings that will be paid, at the rates of today.")
class AwaitingReimbursement:
    count: int
    amount_cents: Cents


async def awaiting_of(info: Info, structure_id: UUID) -> AwaitingReimbursement:
    access.require_sight_of(structure_id, info)
    awaiting = await load_awaiting(info, structure_id)
    return AwaitingReimbursement(count=awaiting.count, amount_cents=Cents(awaiting.amount_cents))


async def bank_accounts_of(info: Info, structure_id: UUID) -> list[BankAccount]:
    access.require_sight_of(structure_id, info)
    return [BankAccount.of(account) for account in await load_bank_accounts_of(info, structure_id)]


async def reimbursements_of(info: Info, structure_id: UUID, asked: Window) -> Connection[Reimbursement]:
    access.require_sight_of(structure_id, info)
    records = await load_reimbursements_of(info, structure_id, asked)
    return page(
        records, asked, node=Reimbursement.of, keys=lambda record: (record.ordered_at, str(record.id))
    )


@strawberry.federation.type(keys=["id"], description="A booking, with what its place is paid for it.")
class Booking:
    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Booking":
        return cls(id=id)

    @strawberry.field(description="Seen by the structure and by finance; None before the close.")
    async def reimbursement(self, info: Info) -> Reimbursement | None:
        booking_id = known_uuid(self.id)
        record = await load_reimbursement(info, booking_id) if booking_id else None
        if record is None or not access.may_see(record.structure_id, info.context.principal):
            return None
        return Reimbursement.of(record)


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
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Reimbursement] | None:
        return await reimbursements_of(
            info, uuid_of(self.id), window(first, after, last, before, parse_instant, UUID)
        )

    @strawberry.field(description="Newest first.")
    async def bank_accounts(self, info: Info) -> list[BankAccount] | None:
        return await bank_accounts_of(info, uuid_of(self.id))


@strawberry.type(description="A file that was written. Whoever holds the link may read it until it expires.")
class ExportedFile:
    url: str = strawberry.field(description="A new link each time that it is asked for.")
    filename: str = strawberry.field(description="What the file is saved as.")
    expires_at: datetime


@strawberry.type(description="The spreadsheet of what a structure was paid in a batch.")
class ReimbursementExport:
    job: Job = strawberry.field(description="How far it is; counted in bookings.")
    name: strawberry.Private[str | None]

    @classmethod
    async def own(cls, info: Info, id: UUID) -> Self | None:
        """The viewer's own, as long as they may see the structure's money. Raises ApiError UNAUTHENTICATED."""
        record = await own_job(info, id, EXPORT_REIMBURSEMENTS)
        if record is None:
            return None
        structure_id: UUID = EXPORT_REIMBURSEMENTS.read(record.arguments)["structure_id"]
        if not access.may_see(structure_id, info.context.principal):
            return None
        return cls(job=Job.of(record), name=(record.result or {}).get("name"))

    @strawberry.field(description="Null until it is written, and once it was deleted.")
    async def file(self, info: Info) -> ExportedFile | None:
        files = info.context.runtime.files
        if self.name is None:
            return None
        try:
            await files.store.size_bytes(self.name)
        except FileMissing:
            return None
        except FilesUnavailable:
            raise ApiError(
                ErrorCode.UNAVAILABLE, "Les fichiers ne peuvent pas être lus pour l'instant : réessayez."
            ) from None
        link = files.link(self.name, "Remboursements pass Culture")
        return ExportedFile(url=link.url, filename=link.filename, expires_at=link.expires_at)
