"""Doing something once for a key the client made, and saying clearly what there is nothing under."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import idempotency
from chassis.graphql import ApiError, ErrorCode, Info
from chassis.refusals import Refusal
from identity.api.graphql import loaders
from identity.api.graphql.loaders import Row
from identity.usecases.unknown import Unknown

Work = Callable[[AsyncConnection], Awaitable[dict[str, Any] | Refusal]]


async def once(
    info: Info, operation: str, key: UUID, request: Mapping[str, Any], work: Work
) -> dict[str, Any] | Refusal:
    """The answer of `work`, done once per (person, key). Raises ApiError NOT_FOUND."""
    principal = info.context.principal

    async def transaction(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        return await idempotency.once(
            connection,
            actor=principal.person_id if principal else idempotency.ANONYMOUS,
            key=key,
            operation=operation,
            request=request,
            work=lambda: work(connection),
        )

    try:
        answer: dict[str, Any] | Refusal = await info.context.db.run(transaction)
    except Unknown:
        raise ApiError(ErrorCode.NOT_FOUND, "Il n’y a rien sous cet identifiant.") from None
    return answer


async def person_row(info: Info, person_id: str) -> Row:
    """The person of an answer, as they are now."""
    row = await loaders.persons(info.context).load(UUID(person_id))
    assert row is not None
    return row


async def structure_row(info: Info, structure_id: str) -> Row:
    """The structure of an answer, as it is now."""
    row = await loaders.structures(info.context).load(UUID(structure_id))
    assert row is not None
    return row
