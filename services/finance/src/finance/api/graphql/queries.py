"""What can be read."""

from uuid import UUID

import strawberry

from chassis.clock import parse_instant
from chassis.graphql import (
    After,
    Before,
    Connection,
    First,
    Info,
    Last,
    page,
    uuid_of,
    window,
)
from finance.api.graphql import access
from finance.api.graphql.loaders import find_batch
from finance.api.graphql.types import (
    AwaitingReimbursement,
    BankAccount,
    CashflowBatch,
    Reimbursement,
    ReimbursementExport,
    awaiting_of,
    bank_accounts_of,
    reimbursements_of,
)
from finance.persistence import batches


@strawberry.type
class Query:
    @strawberry.field(description="A structure's reimbursements, newest first.")
    async def reimbursements(
        self,
        info: Info,
        structure_id: strawberry.ID,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Reimbursement] | None:
        return await reimbursements_of(
            info, uuid_of(structure_id), window(first, after, last, before, parse_instant, UUID)
        )

    @strawberry.field(
        description="What a structure will be paid for its used bookings, at the rates of today."
    )
    async def awaiting_reimbursement(
        self, info: Info, structure_id: strawberry.ID
    ) -> AwaitingReimbursement | None:
        return await awaiting_of(info, uuid_of(structure_id))

    @strawberry.field(description="A structure's accounts, newest first.")
    async def bank_accounts(self, info: Info, structure_id: strawberry.ID) -> list[BankAccount] | None:
        return await bank_accounts_of(info, uuid_of(structure_id))

    @strawberry.field(description="Closed fortnights, newest first. For finance.")
    async def batches(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[CashflowBatch] | None:
        access.require_finance(info)
        asked = window(first, after, last, before, int)
        async with info.context.db.read() as connection:
            records = await batches.newest(connection, asked)
        return page(records, asked, node=CashflowBatch.of, keys=lambda record: (record.number,))

    @strawberry.field(description="One closed fortnight, None when there is none of that id. For finance.")
    async def batch(self, info: Info, id: strawberry.ID) -> CashflowBatch | None:
        access.require_finance(info)
        record = await find_batch(info, uuid_of(id))
        return CashflowBatch.of(record) if record is not None else None

    @strawberry.field(
        description="An export that the viewer has started; null for anybody else's, and after 90 days."
    )
    async def reimbursement_export(self, info: Info, id: strawberry.ID) -> ReimbursementExport | None:
        return await ReimbursementExport.own(info, uuid_of(id))
