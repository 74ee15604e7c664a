"""Nightly: `birthday-top-ups` and `restate-expiries`, each with `--at <instant>` to replay a night."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job, Row, Run
from identity.domain.grants import GrantKind
from identity.persistence import grants
from identity.runtime import IdentityRuntime
from identity.usecases.review_grants import give_birthday_credit, restate_expiries

IdentityRun = Run[IdentityRuntime]
Review = Callable[[AsyncConnection, UUID], Awaitable[int]]


async def _top_up(run: IdentityRun, at: AwareDatetime | None = None) -> str:
    """Give the credits that a birthday brings."""
    changed = await _each_holder(
        run,
        [GrantKind.GRANT_15_17],
        lambda connection, person_id: give_birthday_credit(
            connection, person_id, at or run.now, run.runtime.sealer
        ),
    )
    return f"{changed} birthday credits given"


async def _restate(run: IdentityRun, at: AwareDatetime | None = None) -> str:
    """Write anew when credits end, by the rules of the instant."""
    changed = await _each_holder(
        run,
        list(GrantKind),
        lambda connection, person_id: restate_expiries(connection, person_id, at or run.now),
    )
    return f"{changed} credits end at another instant"


async def _each_holder(run: IdentityRun, kinds: Sequence[GrantKind], review: Review) -> int:
    """Review people one by one, each in a transaction of its own that also says who comes next."""
    before = run.cursor or {"after": None, "changed": 0}
    after = UUID(before["after"]) if before["after"] else None
    changed: int = before["changed"]
    while True:
        async with run.runtime.database.read() as connection:
            page = await grants.holders(connection, kinds, after)
        if not page:
            return changed
        for person_id in page:

            async def work(
                connection: AsyncConnection, person_id: UUID = person_id, before: int = changed
            ) -> int:
                changed = before + await review(connection, person_id)
                reached = {"after": person_id, "changed": changed}
                await run.checkpoint(connection, cursor=reached, done=run.done + 1)
                return changed

            changed = await run.step(work)
        after = page[-1]


BIRTHDAY_TOP_UPS: Final = Job("birthday-top-ups", _top_up)
RESTATE_EXPIRIES: Final = Job("restate-expiries", _restate)

TIMETABLE: Final[Sequence[Row]] = (
    Row("birthday-top-ups", "0 0 * * *", BIRTHDAY_TOP_UPS),
    Row("restate-expiries", "30 0 * * *", RESTATE_EXPIRIES),
)
