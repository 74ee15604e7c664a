"""`updateStock`"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_stock
from catalog.api.graphql.types import Stock
from catalog.usecases.update_stock import UpdateStockRefusal, update_stock
from chassis.graphql import ApiError, Cents, ErrorCode, Info, answer, once, result_union, uuid_of
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


UpdateStockResult = result_union("UpdateStockResult", StockUpdated, UpdateStockRefusal)


@strawberry.mutation(
    graphql_type=UpdateStockResult, description="Change a stock of an offer of a structure one acts for."
)
async def update_stock_mutation(info: Info, input: UpdateStockInput, idempotency_key: UUID) -> object:
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
    changes: dict[str, Any] = {name: value for name, value in wanted.items() if value is not strawberry.UNSET}
    made = await once(
        info,
        "updateStock",
        idempotency_key,
        input,
        lambda connection: update_stock(
            connection,
            stock_id=stock_id,
            change=lambda stock: replace(stock, **changes),
            principal=principal,
            now=now,
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return StockUpdated(stock=Stock.of(await written_stock(info, made)))
