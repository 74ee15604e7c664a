"""`joinStructure`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, result_union
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_attachment
from identity.api.graphql.types import Attachment
from identity.usecases.join_structure import JoinStructureRefusal, StructureForm, join_as


@strawberry.type(description="The attachment: validated for the first of a SIREN, else pending.")
class StructureJoined:
    attachment: Attachment


JoinStructureResult = result_union("JoinStructureResult", StructureJoined, JoinStructureRefusal)


@strawberry.mutation(
    graphql_type=JoinStructureResult,
    description="Attach the signed-in person to one more structure, as signing up with its SIREN would.",
)
async def join_structure_mutation(
    info: Info, siren: str, structure_name: str, idempotency_key: UUID
) -> object:
    principal, now = await acting(info), info.context.now
    form = StructureForm.parse(siren, structure_name)
    if isinstance(form, Refusal):
        return answer(form)
    done = await once(
        info,
        "joinStructure",
        idempotency_key,
        form,
        lambda connection: join_as(connection, principal.person_id, form, now),
    )
    if isinstance(done, Refusal):
        return answer(done)
    attachment = await written_attachment(info, done)
    return StructureJoined(attachment=Attachment.of(attachment))
