"""`addThingStock`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_offer, written_stock
from catalog.api.graphql.types import Offer, Stock
from catalog.domain.stock import StockDraft
from catalog.usecases.add_thing_stock import AddThingStockRefusal, add_thing_stock
from chassis.graphql import Cents, Info, answer, once, result_union, uuid_of
from chassis.refusals import Refusal


@strawberry.input(description="A lot of a thing: copies, entries, accesses.")
class AddThingStockInput:
    offer_id: strawberry.ID
    price_cents: Cents
    quantity: int | None = strawberry.field(default=None, description="Null for unlimited.")
    booking_limit_at: datetime | None = None


@strawberry.type(description="The stock was added.")
class ThingStockAdded:
    offer: Offer
    stock: Stock


AddThingStockResult = result_union("AddThingStockResult", ThingStockAdded, AddThingStockRefusal)


@strawberry.mutation(
    graphql_type=AddThingStockResult, description="Add a lot to an offer that is not an event."
)
async def add_thing_stock_mutation(info: Info, input: AddThingStockInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    offer_id, now = uuid_of(input.offer_id), info.context.now
    draft = StockDraft(input.price_cents, input.quantity, booking_limit_at=input.booking_limit_at)
    made = await once(
        info,
        "addThingStock",
        idempotency_key,
        input,
        lambda connection: add_thing_stock(
            connection, offer_id=offer_id, draft=draft, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return ThingStockAdded(
        offer=Offer.of(await written_offer(info, offer_id)), stock=Stock.of(await written_stock(info, made))
    )
