"""`joinStructure`"""

from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import Info, answer, require_person, result_union
from chassis.refusals import Refusal
from identity.api.graphql import loaders
from identity.api.graphql.acting import once
from identity.api.graphql.types import Attachment
from identity.domain import refusals as no
from identity.usecases.join_structure import StructureForm, join_structure


@strawberry.type(description="The attachment: validated for the first of a SIREN, else pending.")
class StructureJoined:
    attachment: Attachment


JoinStructureResult = result_union("JoinStructureResult", StructureJoined, no.InvalidSiren, no.InvalidName)


@strawberry.mutation(
    graphql_type=JoinStructureResult,
    description="Attach the signed-in person to one more structure, as signing up with its SIREN would.",
)
async def join_structure_mutation(
    info: Info, siren: str, structure_name: str, idempotency_key: UUID
) -> object:
    principal, now = require_person(info), info.context.now
    form = StructureForm.parse(siren, structure_name)
    if isinstance(form, Refusal):
        return answer(form)

    async def work(connection: AsyncConnection) -> dict[str, Any]:
        attachment = await join_structure(connection, principal.person_id, form, now)
        return {"attachment_id": str(attachment.id)}

    done = await once(info, "joinStructure", idempotency_key, {"form": form}, work)
    if isinstance(done, Refusal):
        return answer(done)
    row = await loaders.attachments(info.context).load(UUID(done["attachment_id"]))
    assert row is not None
    return StructureJoined(attachment=Attachment.of(row))
