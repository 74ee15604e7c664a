"""identity.grant.v1: the credits people are given."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence.records import GrantCopy
from booking.usecases.follow_grants import follow_grants
from chassis.consumer import Message, Subscription
from chassis.copies import newest


class GrantMessage(Message):
    person_id: UUID
    kind: str
    amount_cents: int
    digital_cap_cents: int | None = None
    physical_cap_cents: int | None = None
    granted_at: datetime
    expires_at: datetime | None = None
    replaces_grant_id: UUID | None = None


def subscription() -> Subscription[GrantMessage]:
    return Subscription("identity.grant.v1", GrantMessage, _apply)


async def _apply(connection: AsyncConnection, messages: Sequence[GrantMessage]) -> None:
    await follow_grants(connection, [copy(message) for message in newest(messages)])


def copy(message: GrantMessage) -> GrantCopy:
    return GrantCopy(
        **message.model_dump(exclude={"replaces_grant_id"}), replaces_id=message.replaces_grant_id
    )
