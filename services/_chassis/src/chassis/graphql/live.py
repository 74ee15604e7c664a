"""A subscription's root field: what changes on a channel, as it is when it is told.

`async for notice in watch(info, channel, after, everything)`, and for each notice one message with
the thing as it is now (None where the notice has no id) and `cursor: String!`.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable
from contextlib import aclosing
from uuid import UUID

from chassis.graphql.context import Info, require_person
from chassis.live.hub import Notice
from chassis.live.streams import NotReady


async def watch(
    info: Info, channel: Hashable, after: str | None, everything: Callable[[], Awaitable[Iterable[UUID]]]
) -> AsyncGenerator[Notice, None]:
    """`Live.follow` for the signed-in person, who may hear the channel: the caller has made sure.

    Each notice is a moment of its own: loaders have read nothing yet, and the business clock has gone on.
    Raises ApiError UNAUTHENTICATED.
    """
    person, context = require_person(info), info.context
    if context.live is None:
        raise NotReady
    clock, opened_at = context.runtime.clock, context.now
    started_at = clock.now()
    async with aclosing(context.live.follow(channel, person, after, everything=everything)) as notices:
        async for notice in notices:
            context.loaders.clear()
            context.now = opened_at + (clock.now() - started_at)
            yield notice
