"""`validateContremarque`"""

from uuid import UUID

import strawberry

from booking.api.graphql.guichet import desk_of
from booking.api.graphql.types import Booking
from booking.domain import refusals as no
from booking.usecases.validate_contremarque import validate_contremarque as validate
from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The booking is used, and will be reimbursed.")
class ContremarqueValidated:
    booking: Booking


ValidateContremarqueResult = result_union(
    "ValidateContremarqueResult",
    ContremarqueValidated,
    no.ContremarqueNotFound,
    no.ReimbursementStarted,
    no.AlreadyUsed,
    no.CancelledBooking,
    no.NotConfirmedBySchool,
    no.NotUsableYet,
)


@strawberry.mutation(
    graphql_type=ValidateContremarqueResult, description="At the Guichet: the beneficiary is there."
)
async def validate_contremarque(info: Info, code: str, idempotency_key: UUID) -> object:
    context = info.context
    desk = await desk_of(info)
    done = await validate(
        context.db, context.runtime.sealer, desk=desk, code=code, key=idempotency_key, now=context.now
    )
    return answer(done) if isinstance(done, Refusal) else ContremarqueValidated(booking=Booking.of(done))
