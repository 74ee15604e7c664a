"""`cancelBooking`"""

from uuid import UUID

import strawberry

from booking.api.graphql.identifiers import uuid_of
from booking.api.graphql.types import Booking
from booking.domain import refusals as no
from booking.usecases.cancel_booking import cancel_booking as cancel
from chassis.graphql import Info, answer, require_person, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The booking was cancelled: credit and places are given back.")
class BookingCancelled:
    booking: Booking


CancelBookingResult = result_union(
    "CancelBookingResult",
    BookingCancelled,
    no.BookingNotFound,
    no.AlreadyCancelled,
    no.AlreadyUsed,
    no.FirmBooking,
    no.NotToBeCancelled,
)


@strawberry.mutation(graphql_type=CancelBookingResult, description="Cancel one's own booking.")
async def cancel_booking(info: Info, booking_id: strawberry.ID, idempotency_key: UUID) -> object:
    context = info.context
    done = await cancel(
        context.db,
        context.runtime.sealer,
        person_id=require_person(info).person_id,
        booking_id=uuid_of(booking_id),
        key=idempotency_key,
        now=context.now,
    )
    return answer(done) if isinstance(done, Refusal) else BookingCancelled(booking=Booking.of(done))
