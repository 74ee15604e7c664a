"""`deleteStock`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.acting import act, require_pro
from catalog.api.graphql.identifiers import uuid_of
from catalog.domain.refusals import stock as no
from catalog.domain.refusals.offer import OfferNotEditable
from catalog.usecases.delete_stock import delete_stock as delete
from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.type(description="The stock was deleted; what was booked of it and not yet used is cancelled.")
class StockDeleted:
    stock_id: strawberry.ID


DeleteStockResult = result_union(
    "DeleteStockResult", StockDeleted, no.StockNotFound, OfferNotEditable, no.TooLateToDeleteStock
)


@strawberry.mutation(
    graphql_type=DeleteStockResult, description="Delete a stock of an offer of a structure one acts for."
)
async def delete_stock(info: Info, stock_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    wanted, now = uuid_of(stock_id), info.context.now
    made = await act(
        info,
        principal,
        "deleteStock",
        idempotency_key,
        {"stock_id": str(wanted)},
        lambda connection: delete(connection, stock_id=wanted, principal=principal, now=now),
    )
    return answer(made) if isinstance(made, Refusal) else StockDeleted(stock_id=strawberry.ID(str(made[0])))
