"""What a review of many people, one by one, is made of."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Run
from identity.domain.grants import GrantKind
from identity.persistence import grants
from identity.runtime import IdentityRuntime

IdentityRun = Run[IdentityRuntime]
Review = Callable[[AsyncConnection, UUID], Awaitable[int]]
NextPage = Callable[[AsyncConnection, UUID | None], Awaitable[Sequence[UUID]]]
"""The next ids after one of them, in their order; none at the end."""


async def review_holders(run: IdentityRun, kinds: Sequence[GrantKind], review: Review) -> int:
    """Review everybody who holds or held a credit of these kinds."""
    return await review_each(run, lambda connection, after: grants.holders(connection, kinds, after), review)


async def review_each(run: IdentityRun, next_page: NextPage, review: Review) -> int:
    """Review people one by one, each in a transaction of its own that also says who comes next."""
    before = run.cursor or {"after": None, "changed": 0}
    after = UUID(before["after"]) if before["after"] else None
    changed: int = before["changed"]
    while True:
        async with run.runtime.database.read() as connection:
            page = await next_page(connection, after)
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
