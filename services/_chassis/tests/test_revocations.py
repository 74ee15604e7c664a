"""A token that is good by its signature is taken no more once its person was suspended; and again once they are not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc.jwk import KeySet

from chassis import revocations
from chassis.auth import InvalidToken, StaticKeys, TokenVerifier
from chassis.db import Database
from chassis.ids import new_id
from chassis.revocations import Revocations, Standing
from chassis.service import Runtime
from chassis.tables import revocations as table
from chassis.testing import SIGNING_KEY, principal, token_for

pytestmark = pytest.mark.servers


async def keep(runtime: Runtime[Any], *standings: Standing) -> None:
    await runtime.database.run(lambda connection: revocations.keep(connection, standings))


@pytest.fixture
async def watching(runtime: Runtime[Any]) -> AsyncIterator[Revocations]:
    """What a replica knows, read again and again."""
    known, stop = Revocations(runtime.database), asyncio.Event()
    task = asyncio.create_task(known.run(stop))
    yield known
    stop.set()
    await task


async def until(known: Revocations, person: Any, *, is_covered: bool) -> None:
    async with asyncio.timeout(10):
        while known.covers(person) is not is_covered:  # noqa: ASYNC110  # a task of its own looks
            await asyncio.sleep(0.01)


async def test_a_good_token_is_refused_while_its_person_is_suspended(
    runtime: Runtime[Any], watching: Revocations
) -> None:
    verifier = TokenVerifier(StaticKeys(KeySet([SIGNING_KEY])), watching)
    who, other = principal("pro"), principal("pro")
    token = token_for(who)
    assert (await verifier.verify(token)).person_id == who.person_id
    await keep(runtime, Standing(who.person_id, 2, is_active=False))
    await until(watching, who.person_id, is_covered=True)
    for _ in range(2):
        with pytest.raises(InvalidToken):
            await verifier.verify(token)
    with pytest.raises(InvalidToken):
        await verifier.verify(token_for(who))
    assert await verifier.verify(token_for(other))
    await keep(runtime, Standing(who.person_id, 3, is_active=True))
    await until(watching, who.person_id, is_covered=False)
    assert await verifier.verify(token)


async def hear(runtime: Runtime[Any], session: Any, until: datetime) -> None:
    """As a context hears that a session has ended."""
    subscription = revocations.sessions_subscription("people.session.v1")
    message = subscription.model.model_validate({"id": session, "version": 1, "until": until})
    await runtime.database.run(lambda connection: subscription.apply(connection, [message]))


async def test_a_good_token_is_refused_once_its_session_has_ended(
    runtime: Runtime[Any], watching: Revocations
) -> None:
    verifier = TokenVerifier(StaticKeys(KeySet([SIGNING_KEY])), watching)
    who, session = principal("pro"), new_id()
    token, of_another = (
        token_for(replace(who, session_id=session)),
        token_for(replace(who, session_id=new_id())),
    )
    assert (await verifier.verify(token)).session_id == session
    await hear(runtime, session, datetime.now(UTC) + timedelta(minutes=15))
    await until(watching, session, is_covered=True)
    with pytest.raises(InvalidToken):
        await verifier.verify(token)
    assert await verifier.verify(of_another), "the same person's other session goes on"
    assert await verifier.verify(token_for(who)), "and a token without one"


async def test_of_a_session_nothing_is_kept_longer_than_its_tokens_are_good(runtime: Runtime[Any]) -> None:
    known, soon_over, lasting, person = Revocations(runtime.database), new_id(), new_id(), new_id()
    now = datetime.now(UTC)
    await keep(runtime, Standing(person, 1, is_active=False))
    await hear(runtime, soon_over, now + timedelta(seconds=1))
    await hear(runtime, lasting, now + timedelta(minutes=15))
    await known.look()
    assert known.covers(lasting)
    async with asyncio.timeout(20):
        while known.covers(soon_over):
            await asyncio.sleep(0.1)
            await known.look()
    await hear(runtime, new_id(), now + timedelta(minutes=15))
    async with runtime.database.read() as connection:
        kept = set(await connection.scalars(sa.select(table.c.id)))
    assert soon_over not in kept
    assert {lasting, person} < kept, "nothing else is forgotten"
    late = Revocations(runtime.database)
    await late.look()
    assert (late.covers(lasting), late.covers(person), late.covers(soon_over)) == (True, True, False)


async def test_a_replica_that_starts_later_knows_them_all(runtime: Runtime[Any]) -> None:
    suspended, woken = new_id(), new_id()
    await keep(runtime, Standing(suspended, 1, is_active=False), Standing(woken, 1, is_active=False))
    await keep(runtime, Standing(woken, 2, is_active=True))
    late = Revocations(runtime.database)
    await late.look()
    assert (late.covers(suspended), late.covers(woken)) == (True, False)


async def test_what_is_written_by_a_transaction_that_took_long_is_not_missed(runtime: Runtime[Any]) -> None:
    """Its row bears the instant at which it began, earlier than what was read meanwhile."""
    known, slow, quick = Revocations(runtime.database), new_id(), new_id()
    async with runtime.database.engine.connect() as connection, connection.begin():
        await revocations.keep(connection, [Standing(slow, 1, is_active=False)])
        await asyncio.sleep(0.05)
        await keep(runtime, Standing(quick, 1, is_active=False))
        await known.look()
        assert (known.covers(slow), known.covers(quick)) == (False, True)
    await known.look()
    assert known.covers(slow)


async def test_of_people_who_were_never_suspended_nothing_is_kept(runtime: Runtime[Any]) -> None:
    await keep(runtime, *(Standing(new_id(), version, is_active=True) for version in range(1, 50)))
    async with runtime.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("versions", "is_covered"),
    [
        ((1, 2), True),
        ((2,), True),
        ((2, 3), False),
        ((1, 2, 3, 4), True),
        ((2, 3, 2), False),
        ((2, 3, 2, 3), False),
    ],
)
async def test_the_newest_state_counts_however_often_it_comes(
    runtime: Runtime[Any], versions: tuple[int, ...], is_covered: bool
) -> None:
    """Suspended in the even versions, active in the odd ones; a batch may be heard again from its beginning."""
    person = new_id()
    for version in versions:
        await keep(runtime, Standing(person, version, is_active=version % 2 == 1))
    known = Revocations(runtime.database)
    await known.look()
    assert known.covers(person) is is_covered


async def test_of_one_batch_the_newest_counts(runtime: Runtime[Any]) -> None:
    person = new_id()
    await keep(runtime, Standing(person, 5, is_active=True), Standing(person, 4, is_active=False))
    known = Revocations(runtime.database)
    await known.look()
    assert not known.covers(person)


async def test_without_the_database_what_is_known_goes_on_being_refused() -> None:
    known = Revocations(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none"))
    person = new_id()
    known._revoked[person] = None
    stop = asyncio.Event()
    task = asyncio.create_task(known.run(stop))
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(task), 0.3)
    assert not task.done()
    assert known.covers(person)
    stop.set()
    await task
