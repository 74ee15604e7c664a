"""`validateAttachment`, `rejectAttachment`: the team, or somebody who administers the structure."""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, require_person, result_union
from chassis.refusals import Refusal
from identity.api.graphql import loaders
from identity.api.graphql.acting import once
from identity.api.graphql.types import Attachment, parse_id
from identity.api.graphql.visibility import is_team
from identity.domain import refusals as no
from identity.domain.attachments import AttachmentEvent
from identity.usecases.decide_attachment import decide_attachment


@strawberry.type(description="The attachment has moved.")
class AttachmentDecided:
    attachment: Attachment


ValidateAttachmentResult = result_union(
    "ValidateAttachmentResult", AttachmentDecided, no.AttachmentMoveRefused
)
RejectAttachmentResult = result_union("RejectAttachmentResult", AttachmentDecided, no.AttachmentMoveRefused)


async def _decide(info: Info, id: strawberry.ID, event: AttachmentEvent, key: UUID) -> object:
    principal = require_person(info)
    attachment_id, runtime, now = parse_id(id), info.context.runtime, info.context.now
    decider_id = None if is_team(principal) else principal.person_id
    done = await once(
        info,
        f"{event}Attachment",
        key,
        {"attachment_id": attachment_id},
        lambda connection: decide_attachment(
            connection, attachment_id, event, decider_id, now, runtime.sealer
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    row = await loaders.attachments(info.context).load(attachment_id)
    assert row is not None
    return AttachmentDecided(attachment=Attachment.of(row))


@strawberry.mutation(
    graphql_type=ValidateAttachmentResult, description="Let a colleague act for the structure."
)
async def validate_attachment(info: Info, attachment_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await _decide(info, attachment_id, AttachmentEvent.VALIDATE, idempotency_key)


@strawberry.mutation(
    graphql_type=RejectAttachmentResult, description="Refuse or end a colleague's attachment."
)
async def reject_attachment(info: Info, attachment_id: strawberry.ID, idempotency_key: UUID) -> object:
    return await _decide(info, attachment_id, AttachmentEvent.REJECT, idempotency_key)
