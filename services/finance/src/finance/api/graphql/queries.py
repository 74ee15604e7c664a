"""What can be read."""

import strawberry

from chassis.graphql import ApiError, Connection, ErrorCode, Info, decode_cursor, page, page_size
from finance.api.graphql import access
from finance.api.graphql.identifiers import uuid_of
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
from finance.persistence import queries
from finance.usecases.export_reimbursements import export_reimbursements


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
            rows = await queries.newest_batches(connection, keys[0] if keys else None, size + 1)
        return page(rows, size, node=CashflowBatch.of, keys=lambda row: (row.number,))

    @strawberry.field(description="One closed fortnight, None when there is none of that id. For finance.")
    async def batch(self, info: Info, id: strawberry.ID) -> CashflowBatch | None:
        access.require_finance(info)
        async with info.context.db.read() as connection:
            row = await queries.batch(connection, uuid_of(id))
        return CashflowBatch.of(row) if row is not None else None

    @strawberry.field(
        description="The spreadsheet of what a structure was paid in a batch: CSV in UTF-8 with BOM."
    )
    async def reimbursement_csv(
        self, info: Info, structure_id: strawberry.ID, batch_id: strawberry.ID
    ) -> str | None:
        structure = uuid_of(structure_id)
        access.require_sight_of(structure, info)
        async with info.context.db.read() as connection:
            if await queries.batch(connection, uuid_of(batch_id)) is None:
                raise ApiError(ErrorCode.NOT_FOUND, "Cette quinzaine n'a pas été clôturée.")
            return await export_reimbursements(
                connection, info.context.runtime.sealer, structure, uuid_of(batch_id)
            )
