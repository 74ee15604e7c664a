"""What a review of everybody who holds a credit is made of."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Run
from identity.domain.grants import GrantKind
from identity.persistence import grants
from identity.runtime import IdentityRuntime

IdentityRun = Run[IdentityRuntime]
Review = Callable[[AsyncConnection, UUID], Awaitable[int]]


async def review_holders(run: IdentityRun, kinds: Sequence[GrantKind], review: Review) -> int:
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
