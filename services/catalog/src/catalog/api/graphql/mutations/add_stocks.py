"""`addStocks`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.access import require_pro
from catalog.api.graphql.loaders import written_offer, written_stock
from catalog.api.graphql.types import Offer, Stock
from catalog.domain.price import DEFAULT_PRICE_LABEL, PriceCategory
from catalog.usecases.add_stocks import AddStocksRefusal, AskedDate, add_stocks
from chassis.graphql import Cents, Info, answer, once_each, result_union, uuid_of
from chassis.refusals import Refusal
from chassis.text import one_line


@strawberry.input(description="A named price of an event.")
class PriceCategoryInput:
    price_cents: Cents
    label: str = DEFAULT_PRICE_LABEL


@strawberry.input(description="A date of an event, with so many places for each tariff.")
class EventDateInput:
    starts_at: datetime
    booking_limit_at: datetime | None = strawberry.field(
        default=None, description="Must be given; at the start at the latest."
    )
    quantity: int | None = strawberry.field(default=None, description="Null for unlimited.")


@strawberry.input(description="Every date with every tariff makes one stock.")
class AddStocksInput:
    offer_id: strawberry.ID
    price_categories: list[PriceCategoryInput]
    dates: list[EventDateInput]


@strawberry.type(description="The stocks were added.")
class StocksAdded:
    offer: Offer
    stocks: list[Stock]


AddStocksResult = result_union("AddStocksResult", StocksAdded, AddStocksRefusal)


@strawberry.mutation(
    graphql_type=AddStocksResult, description="Add dates and tariffs to an event: all of them, or none."
)
async def add_stocks_mutation(info: Info, input: AddStocksInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    offer_id, now = uuid_of(input.offer_id), info.context.now
    categories = [PriceCategory(one_line(each.label), each.price_cents) for each in input.price_categories]
    dates = [AskedDate(date.starts_at, date.booking_limit_at, date.quantity) for date in input.dates]
    made = await once_each(
        info,
        "addStocks",
        idempotency_key,
        input,
        lambda connection: add_stocks(
            connection, offer_id=offer_id, categories=categories, dates=dates, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return StocksAdded(
        offer=Offer.of(await written_offer(info, offer_id)),
        stocks=[Stock.of(await written_stock(info, id_)) for id_ in made],
    )
