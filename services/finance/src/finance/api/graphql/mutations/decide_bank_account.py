"""What accepting and rejecting a bank account have in common."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import ApiError, ErrorCode, Info
from chassis.idempotency import once
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.identifiers import uuid_of
from finance.api.graphql.loaders import load_bank_account
from finance.api.graphql.types import BankAccount
from finance.usecases.decide_bank_account import BankAccountUnknown


class Decision(Protocol):
    def __call__(
        self, connection: AsyncConnection, account_id: UUID, *, by: UUID, now: datetime
    ) -> Awaitable[UUID | Refusal]: ...


async def decide(
    info: Info, id: strawberry.ID, key: UUID, *, operation: str, decision: Decision
) -> BankAccount | Refusal:
    """Take a decision once. Raises ApiError UNAUTHENTICATED, FORBIDDEN or NOT_FOUND."""
    principal = access.require_finance(info)
    account_id = uuid_of(id)

    async def work(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def effect() -> dict[str, Any] | Refusal:
            decided = await decision(connection, account_id, by=principal.person_id, now=info.context.now)
            return decided if isinstance(decided, Refusal) else {"id": str(decided)}

        return await once(
            connection,
            actor=principal.person_id,
            key=key,
            operation=operation,
            request={"id": account_id},
            work=effect,
        )

    try:
        result = await info.context.db.run(work)
    except BankAccountUnknown:
        raise ApiError(ErrorCode.NOT_FOUND, "Ce compte bancaire n'existe pas.") from None
    if isinstance(result, Refusal):
        return result
    return BankAccount.of(await load_bank_account(info, account_id))
