"""`deleteStock`"""

from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.usecases.delete_stock import DeleteStockRefusal, delete_stock
from chassis.graphql import Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.type(description="The stock was deleted; what was booked of it and not yet used is cancelled.")
class StockDeleted:
    stock_id: strawberry.ID


DeleteStockResult = result_union("DeleteStockResult", StockDeleted, DeleteStockRefusal)


@strawberry.mutation(
    graphql_type=DeleteStockResult, description="Delete a stock of an offer of a structure one acts for."
)
async def delete_stock_mutation(info: Info, stock_id: strawberry.ID, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    wanted, now = uuid_of(stock_id), info.context.now
    made = await once(
        info,
        "deleteStock",
        idempotency_key,
        {"stock_id": str(wanted)},
        lambda connection: delete_stock(connection, stock_id=wanted, principal=principal, now=now),
    )
    return answer(made) if isinstance(made, Refusal) else StockDeleted(stock_id=strawberry.ID(str(made)))
