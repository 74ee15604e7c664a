"""`validateContremarque`"""

from uuid import UUID

import strawberry

from booking import usecases
from booking.api.graphql.access import desk_of
from booking.api.graphql.loaders import load_moved
from booking.api.graphql.types import Booking
from booking.usecases.validate_contremarque import ValidateContremarqueRefusal
from chassis.graphql import Info, answer, once, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The booking is used, and will be reimbursed.")
class ContremarqueValidated:
    booking: Booking


ValidateContremarqueResult = result_union(
    "ValidateContremarqueResult", ContremarqueValidated, ValidateContremarqueRefusal
)


@strawberry.mutation(
    graphql_type=ValidateContremarqueResult, description="At the Guichet: the beneficiary is there."
)
async def validate_contremarque(info: Info, code: str, idempotency_key: UUID) -> object:
    context, desk = info.context, await desk_of(info)
    done = await once(
        info,
        "validateContremarque",
        idempotency_key,
        {"code": code},
        lambda connection: usecases.validate_contremarque.validate_contremarque(
            connection, context.runtime.sealer, desk=desk, code=code, now=context.now
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return ContremarqueValidated(booking=Booking.of(await load_moved(info, done)))
