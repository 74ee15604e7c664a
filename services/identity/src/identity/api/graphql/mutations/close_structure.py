"""`closeStructure`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, result_union
from identity.api.graphql.mutations._decide_structure import decide
from identity.api.graphql.types import StructureDecided
from identity.domain.structures import StructureEvent
from identity.usecases.decide_structure import DecideStructureRefusal

CloseStructureResult = result_union("CloseStructureResult", StructureDecided, DecideStructureRefusal)


@strawberry.mutation(
    graphql_type=CloseStructureResult,
    description="Team: close a validated structure; its offers are withdrawn.",
)
async def close_structure_mutation(info: Info, structure_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await decide(info, structure_id, StructureEvent.CLOSE, idempotency_key)
