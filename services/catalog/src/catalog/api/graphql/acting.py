"""Acting once: one transaction, one effect per idempotency key, the same answer each time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.api.graphql.loaders import forget
from chassis.auth import Principal
from chassis.clock import iso
from chassis.graphql import Info, require
from chassis.idempotency import once
from chassis.refusals import Refusal

Made = UUID | list[UUID]


def require_pro(info: Info) -> Principal:
    """The pro or admin who asks. Raises ApiError; call it before reading what is asked."""
    return require(info, "pro", "admin")


async def act(
    info: Info,
    principal: Principal,
    operation: str,
    key: UUID,
    request: object,
    work: Callable[[AsyncConnection], Awaitable[Made | Refusal]],
) -> list[UUID] | Refusal:
    """The ids of what `work` made or changed, also when the same key is sent again.

    `request` is what was asked: an input object or a mapping. Raises IdempotencyConflict.
    """

    async def in_transaction(connection: AsyncConnection) -> dict[str, Any] | Refusal:
        async def ids_of_work() -> dict[str, Any] | Refusal:
            made = await work(connection)
            if isinstance(made, Refusal):
                return made
            return {"ids": [str(id_) for id_ in (made if isinstance(made, list) else [made])]}

        return await once(
            connection,
            actor=principal.person_id,
            key=key,
            operation=operation,
            request={"input": plain(request)},
            work=ids_of_work,
        )

    answer = await info.context.db.run(in_transaction)
    forget(info)
    return answer if isinstance(answer, Refusal) else [UUID(id_) for id_ in answer["ids"]]


def plain(value: Any) -> Any:
    """An input as JSON-able data, so that equal requests are recognised; what was left out stays out."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(given) for name, given in value.items() if given is not strawberry.UNSET}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return iso(value) if isinstance(value, datetime) else value
