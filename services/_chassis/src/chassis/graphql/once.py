"""Doing what a client asks once: one transaction, one effect per key, the same answer each time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import idempotency
from chassis.clock import iso
from chassis.graphql.context import Info
from chassis.graphql.loaders import forget
from chassis.refusals import Refusal


class Identified(Protocol):
    """A record of persistence."""

    @property
    def id(self) -> UUID: ...


async def once(
    info: Info,
    operation: str,
    key: UUID,
    request: object,
    work: Callable[[AsyncConnection], Awaitable[Identified | Refusal]],
) -> UUID | Refusal:
    """The id of what `work` made or changed, also when the same key is sent again; or why not.

    `work` is a use case, given the connection of one transaction. `request` is what was asked: an
    input object or a mapping. A refusal has no effect, is not remembered, and may be asked again
    with the same key. Raises IdempotencyConflict when the key was used for something else.
    """

    async def one(connection: AsyncConnection) -> Sequence[Identified] | Refusal:
        made = await work(connection)
        return made if isinstance(made, Refusal) else [made]

    made = await once_each(info, operation, key, request, one)
    return made if isinstance(made, Refusal) else made[0]


async def done_before(info: Info, operation: str, key: UUID, request: object) -> bool:
    """Whether this very request was done already by `once`: then it need not be judged again, by what it has changed.

    Raises IdempotencyConflict.
    """
    async with info.context.db.read() as connection:
        answer = await idempotency.recall(
            connection, actor=_actor(info), key=key, operation=operation, request={"input": plain(request)}
        )
    return answer is not None


async def once_each(
    info: Info,
    operation: str,
    key: UUID,
    request: object,
    work: Callable[[AsyncConnection], Awaitable[Sequence[Identified] | Refusal]],
) -> list[UUID] | Refusal:
    """As `once`, for a use case that makes or changes several things: their ids in its order."""
    actor = _actor(info)

    async def transaction(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def ids_of_work() -> dict[str, Any] | Refusal:
            made = await work(connection)
            return made if isinstance(made, Refusal) else {"ids": [str(each.id) for each in made]}

        return await idempotency.once(
            connection,
            actor=actor,
            key=key,
            operation=operation,
            request={"input": plain(request)},
            work=ids_of_work,
        )

    answer = await info.context.db.run(transaction)
    forget(info)
    return answer if isinstance(answer, Refusal) else [UUID(id_) for id_ in answer["ids"]]


def _actor(info: Info) -> UUID:
    principal = info.context.principal
    return principal.person_id if principal else idempotency.ANONYMOUS


def plain(value: Any) -> Any:
    """An input as JSON-able data, so that equal requests are recognised; what was left out stays out."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(given) for name, given in value.items() if given is not strawberry.UNSET}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value
