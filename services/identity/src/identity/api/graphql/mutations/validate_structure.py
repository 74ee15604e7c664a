"""`validateStructure`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, result_union
from identity.api.graphql.mutations._decide_structure import decide
from identity.api.graphql.types import StructureDecided
from identity.domain.structures import StructureEvent
from identity.usecases.decide_structure import DecideStructureRefusal

ValidateStructureResult = result_union("ValidateStructureResult", StructureDecided, DecideStructureRefusal)


@strawberry.mutation(
    graphql_type=ValidateStructureResult,
    description="Team: validate a pending structure; its offers become visible.",
)
async def validate_structure_mutation(
    info: Info, structure_id: strawberry.ID, idempotency_key: UUID
) -> object:
    return await decide(info, structure_id, StructureEvent.VALIDATE, idempotency_key)
