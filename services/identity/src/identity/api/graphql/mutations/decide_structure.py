"""`validateStructure`, `rejectStructure`, `closeStructure`: the team decides."""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, require, result_union
from chassis.refusals import Refusal
from identity.api.graphql.acting import once, structure_row
from identity.api.graphql.types import Structure, parse_id
from identity.domain import refusals as no
from identity.domain.structures import StructureEvent
from identity.usecases.decide_structure import decide_structure


@strawberry.type(description="The structure has moved.")
class StructureDecided:
    structure: Structure


ValidateStructureResult = result_union("ValidateStructureResult", StructureDecided, no.StructureMoveRefused)
RejectStructureResult = result_union("RejectStructureResult", StructureDecided, no.StructureMoveRefused)
CloseStructureResult = result_union("CloseStructureResult", StructureDecided, no.StructureMoveRefused)


async def _decide(info: Info, id: strawberry.ID, event: StructureEvent, key: UUID) -> object:
    require(info, "admin")
    structure_id, runtime, now = parse_id(id), info.context.runtime, info.context.now
    done = await once(
        info,
        f"{event}Structure",
        key,
        {"structure_id": structure_id},
        lambda connection: decide_structure(connection, structure_id, event, now, runtime.sealer),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return StructureDecided(structure=Structure.of(await structure_row(info, done["structure_id"])))


@strawberry.mutation(
    graphql_type=ValidateStructureResult,
    description="Team: validate a pending structure; its offers become visible.",
)
async def validate_structure(info: Info, structure_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await _decide(info, structure_id, StructureEvent.VALIDATE, idempotency_key)


@strawberry.mutation(
    graphql_type=RejectStructureResult,
    description="Team: reject a pending structure, with its attachments.",
)
async def reject_structure(info: Info, structure_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await _decide(info, structure_id, StructureEvent.REJECT, idempotency_key)


@strawberry.mutation(
    graphql_type=CloseStructureResult,
    description="Team: close a validated structure; its offers are withdrawn.",
)
async def close_structure(info: Info, structure_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await _decide(info, structure_id, StructureEvent.CLOSE, idempotency_key)
