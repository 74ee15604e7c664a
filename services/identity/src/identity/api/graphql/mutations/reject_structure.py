"""`rejectStructure`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, result_union
from identity.api.graphql.mutations._decide_structure import decide
from identity.api.graphql.types import StructureDecided
from identity.domain.structures import StructureEvent
from identity.usecases.decide_structure import DecideStructureRefusal

RejectStructureResult = result_union("RejectStructureResult", StructureDecided, DecideStructureRefusal)


@strawberry.mutation(
    graphql_type=RejectStructureResult, description="Team: reject a pending structure, with its attachments."
)
async def reject_structure_mutation(info: Info, structure_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await decide(info, structure_id, StructureEvent.REJECT, idempotency_key)
