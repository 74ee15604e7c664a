"""`addStocks` and `addThingStock`"""

from datetime import datetime
from uuid import UUID

import strawberry

from catalog.api.graphql.acting import act, require_pro
from catalog.api.graphql.identifiers import uuid_of
from catalog.api.graphql.loaders import load_offer, load_stock
from catalog.api.graphql.texts import one_line
from catalog.api.graphql.types import Offer, Stock
from catalog.domain.price import DEFAULT_PRICE_LABEL, PriceCategory
from catalog.domain.refusals import stock as no
from catalog.domain.refusals.offer import OfferNotEditable, OfferNotFound
from catalog.domain.stock import StockDraft
from catalog.usecases.add_stocks import AskedDate
from catalog.usecases.add_stocks import add_stocks as add
from catalog.usecases.add_stocks import add_thing_stock as add_thing
from chassis.graphql import Cents, Info, answer, result_union
from chassis.refusals import Refusal


@strawberry.input(description="A named price of an event.")
class PriceCategoryInput:
    price_cents: Cents
    label: str = DEFAULT_PRICE_LABEL


@strawberry.input(description="A date of an event, with so many places for each tariff.")
class EventDateInput:
    starts_at: datetime
    booking_limit_at: datetime | None = strawberry.field(
        default=None, description="Must be told; at the start at the latest."
    )
    quantity: int | None = strawberry.field(default=None, description="Null for unlimited.")


@strawberry.input(description="Every date with every tariff makes one stock.")
class AddStocksInput:
    offer_id: strawberry.ID
    price_categories: list[PriceCategoryInput]
    dates: list[EventDateInput]


@strawberry.input(description="A lot of a thing: copies, entries, accesses.")
class AddThingStockInput:
    offer_id: strawberry.ID
    price_cents: Cents
    quantity: int | None = strawberry.field(default=None, description="Null for unlimited.")
    booking_limit_at: datetime | None = None


@strawberry.type(description="The stocks were added.")
class StocksAdded:
    offer: Offer
    stocks: list[Stock]


@strawberry.type(description="The stock was added.")
class ThingStockAdded:
    offer: Offer
    stock: Stock


AddStocksResult = result_union(
    "AddStocksResult",
    StocksAdded,
    OfferNotFound,
    OfferNotEditable,
    no.SynchronisedStockNotEditable,
    no.NoStockToAdd,
    no.TooManyPriceCategories,
    no.TooManyStocks,
    no.InvalidPriceLabel,
    no.DuplicatePriceCategory,
    no.NegativePrice,
    no.PriceTooHigh,
    no.InvalidQuantity,
    no.StartNotAllowed,
    no.BookingLimitRequired,
    no.BookingLimitAfterStart,
    no.DateInPast,
)
AddThingStockResult = result_union(
    "AddThingStockResult",
    ThingStockAdded,
    OfferNotFound,
    OfferNotEditable,
    no.SynchronisedStockNotEditable,
    no.TooManyStocks,
    no.NegativePrice,
    no.PriceTooHigh,
    no.InvalidQuantity,
    no.StartRequired,
    no.DateInPast,
)


@strawberry.mutation(
    graphql_type=AddStocksResult, description="Add dates and tariffs to an event: all of them, or none."
)
async def add_stocks(info: Info, input: AddStocksInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    offer_id, now = uuid_of(input.offer_id), info.context.now
    categories = [PriceCategory(one_line(each.label), each.price_cents) for each in input.price_categories]
    dates = [AskedDate(date.starts_at, date.booking_limit_at, date.quantity) for date in input.dates]
    made = await act(
        info,
        principal,
        "addStocks",
        idempotency_key,
        input,
        lambda connection: add(
            connection, offer_id=offer_id, categories=categories, dates=dates, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return StocksAdded(offer=await _offer(info, offer_id), stocks=[await _stock(info, id_) for id_ in made])


@strawberry.mutation(
    graphql_type=AddThingStockResult, description="Add a lot to an offer that is not an event."
)
async def add_thing_stock(info: Info, input: AddThingStockInput, idempotency_key: UUID) -> object:
    principal = require_pro(info)
    offer_id, now = uuid_of(input.offer_id), info.context.now
    draft = StockDraft(input.price_cents, input.quantity, booking_limit_at=input.booking_limit_at)
    made = await act(
        info,
        principal,
        "addThingStock",
        idempotency_key,
        input,
        lambda connection: add_thing(
            connection, offer_id=offer_id, draft=draft, principal=principal, now=now
        ),
    )
    if isinstance(made, Refusal):
        return answer(made)
    return ThingStockAdded(offer=await _offer(info, offer_id), stock=await _stock(info, made[0]))


async def _offer(info: Info, id_: UUID) -> Offer:
    seen = await load_offer(info, id_)
    assert seen is not None
    return Offer.of(seen)


async def _stock(info: Info, id_: UUID) -> Stock:
    record = await load_stock(info, id_)
    assert record is not None
    return Stock.of(record)
