"""`closeFortnight`"""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import Info, answer, result_union
from chassis.idempotency import once
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.types import CashflowBatch
from finance.domain.refusals import FortnightNotOver, NotAFortnightEnd
from finance.persistence import queries
from finance.usecases.close_fortnight import close_fortnight as close


@strawberry.type(description="The fortnight is closed.")
class FortnightClosed:
    batch: CashflowBatch


CloseFortnightResult = result_union(
    "CloseFortnightResult", FortnightClosed, NotAFortnightEnd, FortnightNotOver
)


@strawberry.mutation(
    graphql_type=CloseFortnightResult,
    description=(
        "Price and pay what was used up to the last day (inclusive) of a fortnight that is over. "
        "A fortnight is closed once: its batch is given again afterwards. For finance."
    ),
)
async def close_fortnight(info: Info, last_day: date, idempotency_key: UUID) -> object:
    principal = access.require_finance(info)
    runtime = info.context.runtime

    async def work(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def effect() -> dict[str, Any] | Refusal:
            closed = await close(
                connection,
                last_day=last_day,
                now=info.context.now,
                debtor=runtime.debtor,
                execution_delay=runtime.execution_delay,
            )
            return closed if isinstance(closed, Refusal) else {"id": str(closed)}

        return await once(
            connection,
            actor=principal.person_id,
            key=idempotency_key,
            operation="closeFortnight",
            request={"last_day": last_day},
            work=effect,
        )

    result = await info.context.db.run(work)
    if isinstance(result, Refusal):
        return answer(result)
    async with info.context.db.read() as connection:
        row = await queries.batch(connection, UUID(result["id"]))
    assert row is not None
    return FortnightClosed(batch=CashflowBatch.of(row))
