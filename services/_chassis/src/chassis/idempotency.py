"""One effect per client-made key, and the same answer each time it is sent again.

The key's row is inserted first, in the transaction of the effect: of fifty equal requests at
once, one inserts it, the others wait on the unique index and then read the stored answer.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.encoding import to_json
from chassis.refusals import Refusal

ANONYMOUS = UUID(int=0)
"""The actor of requests made before signing in."""

_keys = tables.idempotency_keys
_CLAIM = pg.insert(_keys).on_conflict_do_nothing().returning(_keys.c.key)
_FIND = sa.select(_keys.c.operation, _keys.c.fingerprint, _keys.c.answer).where(
    _keys.c.actor == sa.bindparam("actor"), _keys.c.key == sa.bindparam("key")
)
_REMEMBER = (
    sa.update(_keys)
    .where(_keys.c.actor == sa.bindparam("the_actor"), _keys.c.key == sa.bindparam("the_key"))
    .values(answer=sa.bindparam("the_answer", type_=pg.JSONB))
)


class IdempotencyConflict(Exception):
    """The key was used before for something else."""


def fingerprint(operation: str, request: Mapping[str, Any]) -> bytes:
    """What was asked, as 32 bytes: equal requests have equal fingerprints."""
    return hashlib.sha256(to_json([operation, dict(request)], sorted_keys=True)).digest()


async def recall(
    connection: AsyncConnection, *, actor: UUID, key: UUID, operation: str, request: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The stored answer of a key, None when it was never used. Raises IdempotencyConflict."""
    stored = (await connection.execute(_FIND, {"actor": actor, "key": key})).one_or_none()
    if stored is None:
        return None
    if stored.operation != operation or stored.fingerprint != fingerprint(operation, request):
        raise IdempotencyConflict
    answer: dict[str, Any] | None = stored.answer
    return answer


async def once(
    connection: AsyncConnection,
    *,
    actor: UUID,
    key: UUID,
    operation: str,
    request: Mapping[str, Any],
    work: Callable[[], Awaitable[dict[str, Any] | Refusal]],
) -> dict[str, Any] | Refusal:
    """Do `work` once per (actor, key) and remember its JSON-able answer.

    Run it within `Database.run`, which rolls back when a Refusal is returned: a refusal has
    no effect, is not remembered, and may be asked again with the same key. Raises
    IdempotencyConflict when the key was used with another operation or request.
    """
    claim = {
        "actor": actor,
        "key": key,
        "operation": operation,
        "fingerprint": fingerprint(operation, request),
    }
    if (await connection.execute(_CLAIM, claim)).one_or_none() is None:
        answer = await recall(connection, actor=actor, key=key, operation=operation, request=request)
        if answer is None:
            raise IdempotencyConflict
        return answer
    result = await work()
    if not isinstance(result, Refusal):
        await connection.execute(
            _REMEMBER, {"the_actor": actor, "the_key": key, "the_answer": orjson.loads(to_json(result))}
        )
    return result
