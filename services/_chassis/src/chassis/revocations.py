"""Tokens that are good by their signature and are taken no more: their person was suspended, or their session ended.

What identity publishes is kept in a table of every context: of people, those only who were suspended once; of
sessions, those that ended while an access token of theirs was good, until it is not. Every replica that serves
reads it again each second. A token is refused within two seconds of the decision, and without a broker or a
database what is known goes on being refused.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Message, Subscription
from chassis.copies import keep_newer, newest
from chassis.db import Database, Unreachable, out_of_reach
from chassis.records import parameters
from chassis.tables import revocations
from chassis.telemetry import log

EVERY_SECONDS: Final = 1.0

_LATE: Final = timedelta(minutes=1)
"""How long a transaction may take that writes a revocation: so far back is looked again."""

_SUSPEND = keep_newer(revocations)
_REINSTATE = (
    sa.update(revocations)
    .where(revocations.c.id == sa.bindparam("person"), revocations.c.version < sa.bindparam("its_version"))
    .values(version=sa.bindparam("its_version"), is_active=True, changed_at=sa.func.now())
)
_PASSED = sa.delete(revocations).where(revocations.c.until < sa.func.now())
_READ = sa.select(revocations.c.id, revocations.c.is_active, revocations.c.changed_at, revocations.c.until)
_SINCE = _READ.where(revocations.c.changed_at > sa.bindparam("since"))
_ALL = _READ.where(
    revocations.c.is_active.is_(False),
    sa.or_(revocations.c.until.is_(None), revocations.c.until >= sa.func.now()),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person's account is active, or a session is open, in the version that said so."""

    id: UUID
    version: int
    is_active: bool
    until: datetime | None = None
    """Of a session that ended: when the last of its tokens has ended by itself, and nothing need be known of it."""


class _PersonMessage(Message):
    is_active: bool


class _SessionMessage(Message):
    until: datetime


def subscription(topic: str) -> Subscription[_PersonMessage]:
    """For a context that keeps nothing else of people."""

    async def apply(connection: AsyncConnection, messages: Sequence[_PersonMessage]) -> None:
        await keep(connection, (Standing(each.id, each.version, each.is_active) for each in messages))

    return Subscription(topic, _PersonMessage, apply)


def sessions_subscription(topic: str) -> Subscription[_SessionMessage]:
    """For every context that takes tokens."""

    async def apply(connection: AsyncConnection, messages: Sequence[_SessionMessage]) -> None:
        ended = (Standing(each.id, each.version, is_active=False, until=each.until) for each in messages)
        await keep(connection, ended)
        await connection.execute(_PASSED)

    return Subscription(topic, _SessionMessage, apply, passes=True)


async def keep(connection: AsyncConnection, standings: Iterable[Standing]) -> None:
    """Note who sleeps and who was woken; of everybody else nothing is kept.

    The states of one person come in order, as relay and republish give them, but may come again. An older
    one that comes after the first that says "active" (a dead letter, replayed) is put right by republishing.
    """
    latest = newest(standings)
    suspended = [parameters(each) for each in latest if not each.is_active]
    woken = [{"person": each.id, "its_version": each.version} for each in latest if each.is_active]
    if suspended:
        await connection.execute(_SUSPEND, suspended)
    if woken:
        await connection.execute(_REINSTATE, woken)


class Revocations:
    """What a process that serves knows of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._revoked: dict[UUID, datetime | None] = {}
        """Of each session, until when."""
        self._seen: datetime | None = None

    def covers(self, id_: UUID) -> bool:
        return id_ in self._revoked

    async def run(self, stop: asyncio.Event) -> None:
        """Look again until `stop` is set; a lost database is waited for."""
        away = False
        while not stop.is_set():
            try:
                await self.look()
                away = False
            except Exception as error:
                if not isinstance(error, Unreachable) and not out_of_reach(error):
                    raise
                if not away:
                    log.warning("revocations.interrupted", error=type(error).__name__)
                away = True
            try:
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Read what has changed since the last look; all of it at the first."""
        async with self._database.read() as connection:
            asked = (_ALL, {}) if self._seen is None else (_SINCE, {"since": self._seen - _LATE})
            for row in await connection.execute(*asked):
                if row.is_active:
                    self._revoked.pop(row.id, None)
                else:
                    self._revoked[row.id] = row.until
                self._seen = max(self._seen or row.changed_at, row.changed_at)
        self._forget_what_has_ended()

    def _forget_what_has_ended(self) -> None:
        now = datetime.now(UTC)
        for id_ in [id_ for id_, until in self._revoked.items() if until is not None and until < now]:
            del self._revoked[id_]
