"""What has served its time is forgotten; what is still needed never is."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, tables, throttle
from chassis.prune import KEPT, prune
from chassis.service import Runtime
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

MOMENT = timedelta(seconds=1)
ME = UUID(int=1)


async def keep_key(runtime: Runtime[Any], age: timedelta) -> UUID:
    key = uuid4()
    row = {"actor": ME, "key": key, "operation": "write", "fingerprint": b"", "created_at": TODAY - age}
    await runtime.database.run(lambda connection: connection.execute(sa.insert(tables.idempotency_keys), row))
    return key


async def keep_mail(runtime: Runtime[Any], sent: timedelta | None) -> None:
    async def write(connection: AsyncConnection) -> None:
        await mail.enqueue(connection, "written", {"age": str(sent)})
        if sent is not None:
            sent_mail = tables.outgoing_mails.c.payload["age"].astext == str(sent)
            await connection.execute(
                sa.update(tables.outgoing_mails).where(sent_mail).values(sent_at=TODAY - sent)
            )

    await runtime.database.run(write)


async def count(runtime: Runtime[Any], table: sa.Table) -> int:
    async with runtime.database.read() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


async def test_a_key_is_remembered_for_its_time_and_not_longer(runtime: Runtime[Any]) -> None:
    kept = await keep_key(runtime, KEPT["idempotency_keys"])
    await keep_key(runtime, KEPT["idempotency_keys"] + MOMENT)
    assert (await prune(runtime.database, TODAY))["idempotency_keys"] == 1
    async with runtime.database.read() as connection:
        assert (await connection.scalars(sa.select(tables.idempotency_keys.c.key))).all() == [kept]


async def test_sent_mails_are_forgotten_and_mails_still_owed_are_not(runtime: Runtime[Any]) -> None:
    for sent in (None, KEPT["outgoing_mails"], KEPT["outgoing_mails"] + MOMENT):
        await keep_mail(runtime, sent)
    assert (await prune(runtime.database, TODAY))["outgoing_mails"] == 1
    assert await count(runtime, tables.outgoing_mails) == 2


async def test_old_counts_of_attempts_are_forgotten(runtime: Runtime[Any]) -> None:
    async with runtime.database.read() as connection:
        for number, age in enumerate((timedelta(), KEPT["throttles"] + MOMENT)):
            await throttle.allows(
                connection, f"bucket{number}", limit=3, window=timedelta(minutes=1), now=TODAY - age
            )
    assert (await prune(runtime.database, TODAY))["throttles"] == 1
    assert await count(runtime, tables.throttles) == 1


async def test_nothing_to_forget_is_nothing_done(runtime: Runtime[Any]) -> None:
    assert await prune(runtime.database, TODAY) == dict.fromkeys(KEPT, 0)
