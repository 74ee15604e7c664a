"""What can be asked of booking."""

from uuid import UUID

import strawberry

from booking.api.graphql.access import may_act_for, may_see
from booking.api.graphql.guichet import desk_of
from booking.api.graphql.identifiers import uuid_of
from booking.api.graphql.loaders import load_booking
from booking.api.graphql.types import (
    Booking,
    Contremarque,
    Wallet,
    bookings_of_person,
    bookings_page,
    wallet_of,
)
from booking.domain.usage import refuse_use
from booking.persistence import bookings
from booking.usecases.find_contremarque import find_contremarque
from chassis.graphql import (
    ApiError,
    Connection,
    ErrorCode,
    Info,
    answer,
    decode_cursor,
    page_size,
    require,
    require_person,
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
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Booking] | None:
        return await bookings_of_person(info, require_person(info).person_id, first, after)

    @strawberry.field(
        description="At the Guichet: who comes and for what. Null for a code that is not of one's structures."
    )
    async def contremarque(self, info: Info, code: str) -> Contremarque | None:
        desk = await desk_of(info)
        async with info.context.db.read() as connection:
            record = await find_contremarque(connection, code, desk.structure_ids)
        if record is None:
            return None
        refusal = refuse_use(record.rules, info.context.now, record.timezone)
        return Contremarque(booking=Booking.of(record), obstacle=answer(refusal) if refusal else None)

    @strawberry.field(description="Bookings of a structure one acts for, newest first.")
    async def structure_bookings(
        self, info: Info, structure_id: strawberry.ID, first: int = 20, after: str | None = None
    ) -> Connection[Booking] | None:
        principal, structure = require(info, "pro", "admin", "finance"), uuid_of(structure_id)
        if not may_act_for(structure, principal):
            raise ApiError(ErrorCode.FORBIDDEN, "Cette structure n'est pas la vôtre.")
        size, cursor = page_size(first), decode_cursor(after, UUID)
        async with info.context.db.read() as connection:
            records = await bookings.of_structure(
                connection, structure, cursor[0] if cursor else None, size + 1
            )
        return bookings_page(records, size)
