"""One effect per client-made key, and the same answer each time it is sent again.

The key's row is inserted first, in the transaction of the effect: of fifty equal requests at
once, one inserts it, the others wait on the unique index and then read the stored answer.

Of what was asked the row keeps a digest by the context's storage key: it may have held a password, an IBAN, a
birth date, and whoever reads the table can try out none of them.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.at_rest import KeyRing, ring_of
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


_UNKEYED_BYTES: Final = 32


class KeyedRequest(NamedTuple):
    """What somebody asked under a key of theirs; `request` is JSON-able."""

    actor: UUID
    key: UUID
    operation: str
    request: Mapping[str, Any]

    def fingerprint(self, ring: KeyRing) -> bytes:
        """What is kept of it: of two people, or under two keys, one request leaves nothing alike."""
        return ring.digest(self._whole())

    def matches(self, fingerprint: bytes, ring: KeyRing) -> bool:
        """Whether this is the request that the fingerprint was kept of."""
        if len(fingerprint) == _UNKEYED_BYTES:
            # From before they were keyed: `prune` has forgotten the last of them a week later.
            return hmac.compare_digest(fingerprint, hashlib.sha256(self._asked()).digest())
        return ring.is_digest(fingerprint, self._whole())

    def _whole(self) -> bytes:
        return self.actor.bytes + self.key.bytes + self._asked()

    def _asked(self) -> bytes:
        return to_json([self.operation, dict(self.request)], sorted_keys=True)


async def recall(
    connection: AsyncConnection, *, actor: UUID, key: UUID, operation: str, request: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The stored answer of a key, None when it was never used. Raises IdempotencyConflict."""
    stored = (await connection.execute(_FIND, {"actor": actor, "key": key})).one_or_none()
    if stored is None:
        return None
    asked = KeyedRequest(actor, key, operation, request)
    if stored.operation != operation or not asked.matches(stored.fingerprint, ring_of(connection.dialect)):
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
    asked = KeyedRequest(actor, key, operation, request)
    claim = {
        "actor": actor,
        "key": key,
        "operation": operation,
        "fingerprint": asked.fingerprint(ring_of(connection.dialect)),
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
