"""Tries that are counted before anything is done, in a transaction of their own, which outlives the refusal."""

from datetime import timedelta
from typing import Final

from chassis import throttle
from chassis.graphql.context import Info
from chassis.graphql.errors import ApiError, ErrorCode

A_MINUTE: Final = timedelta(minutes=1)
_WAIT: Final = "Trop d’essais : réessayez dans une minute."


async def count_try(
    info: Info,
    bucket: str,
    limit: int,
    sentence: str = _WAIT,
    *,
    window: timedelta = A_MINUTE,
) -> None:
    """Count one on `bucket`. Raises ApiError TOO_MANY_REQUESTS, with `sentence`, beyond `limit` within `window`."""
    async with info.context.db.read() as connection:
        allowed = await throttle.allows(
            connection, bucket, limit=limit, window=window, now=info.context.runtime.clock.now()
        )
    if not allowed:
        raise ApiError(ErrorCode.TOO_MANY_REQUESTS, sentence)


async def count_place(info: Info, what: str, limit: int, sentence: str = _WAIT) -> None:
    """The same for the network that asks, of which nothing is readable in the bucket."""
    place = info.context.runtime.place_of(info.context.client_address)
    await count_try(info, f"{what}:place:{place}", limit, sentence)
