"""`updateStock`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.acting import act, require_pro
from catalog.api.graphql.identifiers import uuid_of
from catalog.api.graphql.loaders import load_stock
from catalog.api.graphql.types import Stock
from catalog.domain.refusals import stock as no
from catalog.domain.refusals.offer import OfferNotEditable
from catalog.usecases.update_stock import update_stock as update
from chassis.graphql import ApiError, Cents, ErrorCode, Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.input(description="What to change of a stock: fields that are left out stay as they are.")
class UpdateStockInput:
    stock_id: strawberry.ID
    price_cents: Cents | None = strawberry.UNSET
    quantity: int | None = strawberry.field(default=strawberry.UNSET, description="Null for unlimited.")
    starts_at: datetime | None = strawberry.UNSET
    booking_limit_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="An instant already past closes the bookings."
    )


@strawberry.type(description="The stock was changed; bookings keep the price they were made at.")
class StockUpdated:
    stock: Stock


UpdateStockResult = result_union(
    "UpdateStockResult",
    StockUpdated,
    no.StockNotFound,
    OfferNotEditable,
    no.SynchronisedStockNotEditable,
    no.PastEventNotEditable,
    no.PriceNotEditable,
    no.NegativePrice,
    no.PriceTooHigh,
    no.InvalidQuantity,
    no.QuantityBelowBooked,
    no.StartNotAllowed,
    no.StartRequired,
    no.BookingLimitRequired,
    no.BookingLimitAfterStart,
    no.DateInPast,
)


@strawberry.mutation(
    graphql_type=UpdateStockResult, description="Change a stock of an offer of a structure one acts for."
)
async def update_stock(info: Info, input: UpdateStockInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    if input.price_cents is None:
        raise ApiError(ErrorCode.BAD_INPUT, "Un stock a toujours un prix ; 0 pour la gratuité.")
    stock_id, now = uuid_of(input.stock_id), info.context.now
    wanted = {
        "price_cents": input.price_cents,
        "quantity": input.quantity,
        "starts_at": input.starts_at,
        "booking_limit_at": input.booking_limit_at,
    }
    changes = {name: value for name, value in wanted.items() if value is not strawberry.UNSET}
    made = await act(
        info,
        principal,
        "updateStock",
        idempotency_key,
        input,
        lambda connection: update(
            connection, stock_id=stock_id, changes=changes, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    record = await load_stock(info, made[0])
    assert record is not None
    return StockUpdated(stock=Stock.of(record))
