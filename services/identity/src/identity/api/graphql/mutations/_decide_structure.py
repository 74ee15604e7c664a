"""What `validateStructure`, `rejectStructure` and `closeStructure` have in common."""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_structure
from identity.api.graphql.types import Structure, StructureDecided
from identity.domain.structures import StructureEvent
from identity.usecases.decide_structure import decide_structure


async def decide(info: Info, id_: strawberry.ID, event: StructureEvent, key: UUID) -> object:
    """The team's decision, once per key."""
    principal = await acting(info, "admin")
    structure_id, runtime, now = uuid_of(id_), info.context.runtime, info.context.now
    done = await once(
        info,
        f"{event}Structure",
        key,
        {"structure_id": structure_id},
        lambda connection: decide_structure(
            connection, structure_id, event, principal.person_id, now, runtime.sealer
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    structure = await written_structure(info, done)
    return StructureDecided(structure=Structure.of(structure))
