"""What `validateAttachment` and `rejectAttachment` have in common: the team, or whoever administers the structure."""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, once, uuid_of
from chassis.refusals import Refusal
from identity.api.graphql.access import acting, is_team
from identity.api.graphql.loaders import written_attachment
from identity.api.graphql.types import Attachment, AttachmentDecided
from identity.domain.attachments import AttachmentEvent
from identity.usecases.decide_attachment import decide_attachment


async def decide(info: Info, id_: strawberry.ID, event: AttachmentEvent, key: UUID) -> object:
    """The decision, once per key."""
    principal = await acting(info)
    attachment_id, runtime, now = uuid_of(id_), info.context.runtime, info.context.now
    done = await once(
        info,
        f"{event}Attachment",
        key,
        {"attachment_id": attachment_id},
        lambda connection: decide_attachment(
            connection,
            attachment_id,
            event,
            principal.person_id,
            is_team(principal),
            now,
            runtime.sealer,
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    attachment = await written_attachment(info, done)
    return AttachmentDecided(attachment=Attachment.of(attachment))
