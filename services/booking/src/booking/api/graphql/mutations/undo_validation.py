"""`undoValidation`"""

from uuid import UUID

import strawberry

from booking.api.graphql.guichet import desk_of
from booking.api.graphql.types import Booking
from booking.domain import refusals as no
from booking.usecases.undo_validation import undo_validation as undo
from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The booking waits again.")
class ValidationUndone:
    booking: Booking


UndoValidationResult = result_union(
    "UndoValidationResult",
    ValidationUndone,
    no.ContremarqueNotFound,
    no.ActivationCodeGivenOut,
    no.CancelledBooking,
    no.ReimbursementStarted,
    no.NotUsedYet,
)


@strawberry.mutation(
    graphql_type=UndoValidationResult, description="At the Guichet: it was validated by mistake."
)
async def undo_validation(info: Info, code: str, idempotency_key: UUID) -> object:
    context = info.context
    desk = await desk_of(info)
    done = await undo(context.db, context.runtime.sealer, desk=desk, code=code, key=idempotency_key)
    return answer(done) if isinstance(done, Refusal) else ValidationUndone(booking=Booking.of(done))
