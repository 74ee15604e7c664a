"""`validateAttachment`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, result_union
from identity.api.graphql.mutations._decide_attachment import decide
from identity.api.graphql.types import AttachmentDecided
from identity.domain.attachments import AttachmentEvent
from identity.usecases.decide_attachment import DecideAttachmentRefusal

ValidateAttachmentResult = result_union(
    "ValidateAttachmentResult", AttachmentDecided, DecideAttachmentRefusal
)


@strawberry.mutation(
    graphql_type=ValidateAttachmentResult, description="Let a colleague act for the structure."
)
async def validate_attachment_mutation(
    info: Info, attachment_id: strawberry.ID, idempotency_key: UUID
) -> object:
    return await decide(info, attachment_id, AttachmentEvent.VALIDATE, idempotency_key)
