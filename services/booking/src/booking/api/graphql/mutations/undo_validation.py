"""`undoValidation`"""

from uuid import UUID

import strawberry

from booking import usecases
from booking.api.graphql.access import desk_of
from booking.api.graphql.loaders import load_moved
from booking.api.graphql.types import Booking
from booking.usecases.undo_validation import UndoValidationRefusal
from chassis.graphql import Info, answer, once, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The booking waits again.")
class ValidationUndone:
    booking: Booking


UndoValidationResult = result_union("UndoValidationResult", ValidationUndone, UndoValidationRefusal)


@strawberry.mutation(
    graphql_type=UndoValidationResult, description="At the Guichet: it was validated by mistake."
)
async def undo_validation(info: Info, code: str, idempotency_key: UUID) -> object:
    context, desk = info.context, await desk_of(info)
    done = await once(
        info,
        "undoValidation",
        idempotency_key,
        {"code": code},
        lambda connection: usecases.undo_validation.undo_validation(
            connection, context.runtime.sealer, desk=desk, code=code, now=context.now
        ),
    )
    if isinstance(done, Refusal):
        return answer(done)
    return ValidationUndone(booking=Booking.of(await load_moved(info, done)))
