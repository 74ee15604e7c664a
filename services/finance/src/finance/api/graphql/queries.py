"""What can be read."""

import strawberry

from chassis.graphql import ApiError, Connection, ErrorCode, Info, decode_cursor, page, page_size, uuid_of
from finance.api.graphql import access
from finance.api.graphql.loaders import find_batch
from finance.api.graphql.types import (
    AwaitingReimbursement,
    BankAccount,
    CashflowBatch,
    First,
    Reimbursement,
    awaiting_of,
    bank_accounts_of,
    reimbursements_of,
)
from finance.persistence import batches
from finance.usecases import export_reimbursements as usecase


@strawberry.type
class Query:
    @strawberry.field(description="A structure's reimbursements, newest first.")
    async def reimbursements(
        self, info: Info, structure_id: strawberry.ID, first: First = 20, after: str | None = None
    ) -> Connection[Reimbursement] | None:
        return await reimbursements_of(info, uuid_of(structure_id), first, after)

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
        self, info: Info, first: First = 20, after: str | None = None
    ) -> Connection[CashflowBatch] | None:
        access.require_finance(info)
        size = page_size(first)
        keys = decode_cursor(after, int)
        async with info.context.db.read() as connection:
            records = await batches.newest(connection, keys[0] if keys else None, size + 1)
        return page(records, size, node=CashflowBatch.of, keys=lambda record: (record.number,))

    @strawberry.field(description="One closed fortnight, None when there is none of that id. For finance.")
    async def batch(self, info: Info, id: strawberry.ID) -> CashflowBatch | None:
        access.require_finance(info)
        record = await find_batch(info, uuid_of(id))
        return CashflowBatch.of(record) if record is not None else None

    @strawberry.field(
        description="The spreadsheet of what a structure was paid in a batch: CSV in UTF-8 with BOM."
    )
    async def reimbursement_csv(
        self, info: Info, structure_id: strawberry.ID, batch_id: strawberry.ID
    ) -> str | None:
        structure, batch = uuid_of(structure_id), uuid_of(batch_id)
        access.require_sight_of(structure, info)
        if await find_batch(info, batch) is None:
            raise ApiError(ErrorCode.NOT_FOUND, "Cette quinzaine n'a pas été clôturée.")
        async with info.context.db.read() as connection:
            return await usecase.reimbursement_csv(connection, info.context.runtime.sealer, structure, batch)
