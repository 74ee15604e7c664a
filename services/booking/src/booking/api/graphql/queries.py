"""What can be asked of booking."""

from uuid import UUID

import strawberry

from booking.api.graphql.access import desk_of, may_see, may_see_structure
from booking.api.graphql.loaders import load_booking, load_page_of_person, load_page_of_structure
from booking.api.graphql.types import (
    Booking,
    Contremarque,
    Wallet,
    bookings_page,
    wallet_of,
)
from booking.domain.usage import refuse_use
from booking.usecases.find_contremarque import find_contremarque
from chassis.graphql import (
    After,
    ApiError,
    Before,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    answer,
    require,
    require_person,
    uuid_of,
    window,
)


@strawberry.type
class Query:
    @strawberry.field(description="A booking of one's own, or of one's structure; null otherwise.")
    async def booking(self, info: Info, id: strawberry.ID) -> Booking | None:
        principal = require_person(info)
        record = await load_booking(info, uuid_of(id))
        return Booking.of(record) if record is not None and may_see(record, principal) else None

    @strawberry.field(description="What is left of one's credit; null without one.")
    async def wallet(self, info: Info) -> Wallet | None:
        return await wallet_of(info, require_person(info).person_id)

    @strawberry.field(description="One's own bookings, newest first.")
    async def my_bookings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Booking] | None:
        person, part = require_person(info).person_id, window(first, after, last, before, UUID)
        return bookings_page(await load_page_of_person(info, person, part), part)

    @strawberry.field(
        description="At the Guichet: who comes and for what. Null for a code that is not of one's structures."
    )
    async def contremarque(self, info: Info, code: str) -> Contremarque | None:
        desk = await desk_of(info)
        async with info.context.db.read() as connection:
            record = await find_contremarque(connection, code, desk)
        if record is None:
            return None
        refusal = refuse_use(record.rules, info.context.now, record.timezone)
        return Contremarque(booking=Booking.of(record), obstacle=answer(refusal) if refusal else None)

    @strawberry.field(description="Bookings of a structure one acts for, newest first.")
    async def structure_bookings(
        self,
        info: Info,
        structure_id: strawberry.ID,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Booking] | None:
        principal, structure = require(info, "pro", "admin", "finance"), uuid_of(structure_id)
        if not may_see_structure(structure, principal):
            raise ApiError(ErrorCode.FORBIDDEN, "Cette structure n'est pas la vôtre.")
        part = window(first, after, last, before, UUID)
        return bookings_page(await load_page_of_structure(info, structure, part), part)
