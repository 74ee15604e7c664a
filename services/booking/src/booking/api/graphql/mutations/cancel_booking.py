"""`cancelBooking`"""

from uuid import UUID

import strawberry

from booking import usecases
from booking.api.graphql.loaders import load_moved
from booking.api.graphql.types import Booking, Wallet, wallet_of
from booking.usecases.cancel_booking import CancelBookingRefusal
from chassis.graphql import Info, answer, once, require_person, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.type(description="The booking was cancelled: credit and places are given back.")
class BookingCancelled:
    booking: Booking

    @strawberry.field(description="What is left of the credit, now that it has changed.")
    async def wallet(self, info: Info) -> Wallet | None:
        return await wallet_of(info, self.booking.record.person_id)


CancelBookingResult = result_union("CancelBookingResult", BookingCancelled, CancelBookingRefusal)


@strawberry.mutation(graphql_type=CancelBookingResult, description="Cancel one's own booking.")
async def cancel_booking(info: Info, booking_id: strawberry.ID, idempotency_key: UUID) -> object:
    context, person, id_ = info.context, require_person(info), uuid_of(booking_id)
    done = await once(
        info,
        "cancelBooking",
        idempotency_key,
        {"booking_id": id_},
        lambda connection: usecases.cancel_booking.cancel_booking(
            connection, context.runtime.sealer, person_id=person.person_id, booking_id=id_, now=context.now
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return BookingCancelled(booking=Booking.of(await load_moved(info, done)))
