"""`closeFortnight`"""

from datetime import date
from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.loaders import load_batch
from finance.api.graphql.types import CashflowBatch
from finance.jobs.close_fortnight import begin_for_good
from finance.usecases.close_fortnight import CloseFortnightRefusal, begin_and_finish


@strawberry.type(description="The fortnight is closed.")
class FortnightClosed:
    batch: CashflowBatch


@strawberry.mutation(
    graphql_type=result_union("CloseFortnightResult", FortnightClosed, CloseFortnightRefusal),
    description=(
        "Price and pay what was used up to the last day (inclusive) of a fortnight that is over. "
        "A fortnight is closed once: its batch is given again afterwards. Somebody else of finance accepts it. "
        "For finance."
    ),
)
async def close_fortnight(info: Info, last_day: date, idempotency_key: UUID) -> object:
    principal = access.require_finance(info)
    runtime, now = info.context.runtime, info.context.now
    closed = await begin_and_finish(
        info.context.db,
        lambda: once(
            info,
            "closeFortnight",
            idempotency_key,
            {"last_day": last_day},
            lambda connection: begin_for_good(
                connection,
                last_day=last_day,
                now=now,
                execution_delay=runtime.execution_delay,
                by=principal.person_id,
            ),
        ),
        debtor=runtime.debtor,
    )
    if isinstance(closed, Refusal):
        return answer(closed)
    return FortnightClosed(batch=CashflowBatch.of(await load_batch(info, closed)))
