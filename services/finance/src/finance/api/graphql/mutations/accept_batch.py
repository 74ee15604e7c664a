"""`acceptBatch`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal
from finance.api.graphql import access
from finance.api.graphql.loaders import load_batch
from finance.api.graphql.types import CashflowBatch
from finance.usecases.accept_batch import AcceptBatchRefusal, accept_batch


@strawberry.type(description="The transfers are accepted: the bank may be given their order.")
class BatchAccepted:
    batch: CashflowBatch


@strawberry.mutation(
    graphql_type=result_union("AcceptBatchResult", BatchAccepted, AcceptBatchRefusal),
    description="Accept the transfers of a closed fortnight, which somebody else closed. For finance.",
)
async def accept_batch_mutation(info: Info, id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = access.require_finance(info)
    batch_id, now = uuid_of(id), info.context.now
    accepted = await once(
        info,
        "acceptBatch",
        idempotency_key,
        {"id": batch_id},
        lambda connection: accept_batch(connection, batch_id, by=principal.person_id, now=now),
    )
    if isinstance(accepted, Refusal):
        return answer(accepted)
    return BatchAccepted(batch=CashflowBatch.of(await load_batch(info, accepted)))
