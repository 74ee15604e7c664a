"""Who stands at the Guichet, and how often they may try."""

from booking.usecases.find_contremarque import Desk, TooManyAttempts, count_attempt
from chassis.graphql import ApiError, ErrorCode, Info, require


async def desk_of(info: Info) -> Desk:
    """The pro who asks, one attempt counted.

    Raises ApiError UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS.
    """
    context = info.context
    principal = require(info, "pro")
    desk = Desk(principal.person_id, principal.structure_ids, context.client_address)
    try:
        await count_attempt(context.db, context.runtime.settings, desk, context.runtime.clock.now())
    except TooManyAttempts:
        raise ApiError(
            ErrorCode.TOO_MANY_REQUESTS, "Trop d'essais : attendez une minute avant de recommencer."
        ) from None
    return desk
