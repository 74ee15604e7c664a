"""`bookOffer`"""

from uuid import UUID

import strawberry

from booking import usecases
from booking.api.graphql.types import Booking, Wallet, wallet_of
from booking.usecases.book_offer import BookOfferRefusal
from chassis.graphql import Info, answer, forget, require_person, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.input(description="What to book.")
class BookOfferInput:
    stock_id: strawberry.ID
    quantity: int = strawberry.field(default=1, description="2 for a duo.")


@strawberry.type(description="The booking was made.")
class OfferBooked:
    booking: Booking

    @strawberry.field(description="What is left of the credit, now that it has changed.")
    async def wallet(self, info: Info) -> Wallet | None:
        return await wallet_of(info, self.booking.record.person_id)


BookOfferResult = result_union("BookOfferResult", OfferBooked, BookOfferRefusal)


@strawberry.mutation(
    graphql_type=BookOfferResult,
    description="Book one place of a stock, or two of a duo. The same key gives the same booking again.",
)
async def book_offer(info: Info, input: BookOfferInput, idempotency_key: UUID) -> object:
    context, person = info.context, require_person(info)
    booked = await usecases.book_offer.book_offer(
        context.db,
        context.runtime.sealer,
        person_id=person.person_id,
        structure_ids=person.structure_ids,
        stock_id=uuid_of(input.stock_id),
        quantity=input.quantity,
        key=idempotency_key,
        now=context.now,
    )
    forget(info)
    return answer(booked) if isinstance(booked, Refusal) else OfferBooked(booking=Booking.of(booked))
