"""Nightly: `birthday-top-ups` and `restate-expiries`, each with `--on <ISO instant>` to replay a night."""

import argparse
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.clock import parse_instant
from identity.domain.grants import GrantKind
from identity.persistence import grants
from identity.runtime import IdentityRuntime
from identity.usecases.review_grants import give_birthday_credit, restate_expiries

Review = Callable[[AsyncConnection, UUID], Awaitable[int]]


async def birthday_top_ups_job(runtime: IdentityRuntime, arguments: Sequence[str]) -> str:
    now = _instant(runtime, arguments)
    changed = await _each_holder(
        runtime,
        [GrantKind.GRANT_15_17],
        lambda connection, person_id: give_birthday_credit(connection, person_id, now, runtime.sealer),
    )
    return f"{changed} birthday credits given"


async def restate_expiries_job(runtime: IdentityRuntime, arguments: Sequence[str]) -> str:
    now = _instant(runtime, arguments)
    changed = await _each_holder(
        runtime,
        list(GrantKind),
        lambda connection, person_id: restate_expiries(connection, person_id, now),
    )
    return f"{changed} credits end at another instant"


async def _each_holder(runtime: IdentityRuntime, kinds: Sequence[GrantKind], review: Review) -> int:
    """Review people one by one, each in a transaction of its own: a run that is cut short can be run again."""
    changed = 0
    after: UUID | None = None
    while True:
        async with runtime.database.read() as connection:
            page = await grants.holders(connection, kinds, after)
        if not page:
            return changed
        for person_id in page:

            async def work(connection: AsyncConnection, person_id: UUID = person_id) -> int:
                return await review(connection, person_id)

            changed += await runtime.database.run(work)
        after = page[-1]


def _instant(runtime: IdentityRuntime, arguments: Sequence[str]) -> datetime:
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", type=parse_instant, help="the business instant of the run; else now")
    on: datetime | None = parser.parse_args(arguments).on
    return on or runtime.clock.now()
