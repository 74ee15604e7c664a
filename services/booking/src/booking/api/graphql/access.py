"""Who sees what of a booking, and who may act."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from strawberry.extensions import FieldExtension

from booking.persistence.records import BookingRecord
from booking.usecases.find_contremarque import Desk, TooManyAttempts, count_attempt
from chassis.auth import TEAM, Principal
from chassis.graphql import ApiError, ErrorCode, Info, require

"""The team sees; it never acts for a structure, not even one that it belongs to."""


def is_own(record: BookingRecord, principal: Principal | None) -> bool:
    return principal is not None and principal.person_id == record.person_id


def may_see(record: BookingRecord, principal: Principal | None) -> bool:
    """The beneficiary, the structure that is booked, and the team; for anybody else it does not exist."""
    if principal is None:
        return False
    return (
        principal.person_id == record.person_id
        or record.structure_id in principal.structure_ids
        or _is_staff(principal)
    )


def may_see_structure(structure_id: UUID, principal: Principal) -> bool:
    return structure_id in principal.structure_ids or _is_staff(principal)


def _is_staff(principal: Principal) -> bool:
    return not principal.roles.isdisjoint(TEAM)


def may_see_person(person_id: UUID, principal: Principal | None) -> bool:
    """Credit and bookings are one's own business, and support's."""
    return principal is not None and (principal.person_id == person_id or "admin" in principal.roles)


class JudgesViewer(FieldExtension):
    """A field that asks by itself whether the viewer may see what it belongs to.

    Whatever entry point leads to it: one that forgets to ask, or is replayed by somebody else, shows nothing.
    """

    def __init__(self, may_see: Callable[[Any, Principal | None], bool]) -> None:
        self._may_see = may_see

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **arguments: Any) -> Any:
        self._judge(source, info)
        return next_(source, info, **arguments)

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Info, **arguments: Any
    ) -> Any:
        self._judge(source, info)
        return await next_(source, info, **arguments)

    def _judge(self, source: Any, info: Info) -> None:
        if not self._may_see(source, info.context.principal):
            raise ApiError(ErrorCode.FORBIDDEN, "Ceci ne vous concerne pas.")


async def desk_of(info: Info) -> Desk:
    """The pro who stands at the Guichet, one attempt counted.

    Raises ApiError UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS.
    """
    context = info.context
    principal = require(info, "pro")
    if _is_staff(principal):
        raise ApiError(ErrorCode.FORBIDDEN, "L'équipe du pass Culture n'agit pas à la place d'une structure.")
    desk = Desk(
        principal.person_id, principal.structure_ids, context.runtime.place_of(context.client_address)
    )
    async with context.db.read() as connection:
        try:
            await count_attempt(connection, context.runtime.settings, desk, context.runtime.clock.now())
        except TooManyAttempts:
            raise ApiError(
                ErrorCode.TOO_MANY_REQUESTS, "Trop d'essais : attendez une minute avant de recommencer."
            ) from None
    return desk
