import asyncio

import pytest
import sqlalchemy as sa

from chassis.ids import new_id
from chassis.testing import TODAY

pytestmark = pytest.mark.servers

DELETE = """
mutation ($id: ID!, $key: UUID!) { deleteStock(stockId: $id, idempotencyKey: $key) { __typename } }
"""
NULL_PRICE = """
mutation ($id: ID!, $key: UUID!) {
  updateStock(input: {stockId: $id, priceCents: null}, idempotencyKey: $key) { __typename }
}
"""
OFFER = "query ($id: ID!) { offer(id: $id) { status stocks { id } } }"


def at(day: int, hour: int = 20) -> str:
    return TODAY.replace(month=12, day=day, hour=hour).isoformat()


def wanted(offer_id, *, prices=(("Plein", 2000),), days=(10,), **date):
    dates = [{"startsAt": at(day), "bookingLimitAt": at(day), "quantity": 50} | date for day in days]
    categories = [{"label": label, "priceCents": cents} for label, cents in prices]
    return {"offerId": offer_id, "priceCategories": categories, "dates": dates}


async def test_every_date_with_every_tariff_is_one_stock(pro, outbox):
    offer_id = await pro.an_offer()
    tariffs = (("Plein", 2000), ("Réduit", 1000))
    result = await pro.add_stocks(wanted(offer_id, prices=tariffs, days=(10, 11)))
    assert [
        (stock["priceLabel"], stock["priceCents"], stock["startsAt"][8:10]) for stock in result["stocks"]
    ] == [
        ("Plein", 2000, "10"),
        ("Réduit", 1000, "10"),
        ("Plein", 2000, "11"),
        ("Réduit", 1000, "11"),
    ]
    events = [event for kind, event in await outbox() if kind == "stock.created"]
    assert [event["id"] for event in events] == [stock["id"] for stock in result["stocks"]]
    assert events[0]["price_label"] == "Plein"
    assert events[0]["starts_at"] == "2026-12-10T20:00:00Z"


REFUSED = [
    ({"prices": ()}, "NO_STOCK_TO_ADD"),
    ({"days": ()}, "NO_STOCK_TO_ADD"),
    ({"prices": (("Plein", -1),)}, "NEGATIVE_PRICE"),
    ({"prices": (("Plein", 300_01),)}, "PRICE_TOO_HIGH"),
    ({"prices": (("", 1),)}, "INVALID_PRICE_LABEL"),
    ({"prices": (("A", 1), ("a", 2))}, "DUPLICATE_PRICE_CATEGORY"),
    ({"prices": tuple((str(number), 1) for number in range(51))}, "TOO_MANY_PRICE_CATEGORIES"),
    ({"quantity": -1}, "INVALID_QUANTITY"),
    ({"bookingLimitAt": None}, "BOOKING_LIMIT_REQUIRED"),
    ({"bookingLimitAt": at(11)}, "BOOKING_LIMIT_AFTER_START"),
    ({"startsAt": TODAY.isoformat(), "bookingLimitAt": TODAY.isoformat()}, "DATE_IN_PAST"),
]


async def test_refusals_write_nothing(pro, outbox):
    offer_id = await pro.an_offer()
    events = len(await outbox())
    for changes, code in REFUSED:
        assert (await pro.add_stocks(wanted(offer_id, **changes)))["code"] == code
    assert len(await outbox()) == events


async def test_one_bad_date_refuses_all_of_them(pro, subgraph):
    offer_id = await pro.an_offer()
    good, bad = wanted(offer_id), wanted(offer_id, bookingLimitAt=None)
    good["dates"] += bad["dates"]
    assert (await pro.add_stocks(good))["code"] == "BOOKING_LIMIT_REQUIRED"
    assert (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]["stocks"] == []


async def test_an_offer_has_2500_stocks_at_most(pro, runtime):
    offer_id = await pro.an_offer()
    fill = sa.text(
        "INSERT INTO stocks (id, offer_id, price_label, price_cents, created_at)"
        " SELECT gen_random_uuid(), :offer, 'Plein', 1, now() FROM generate_series(1, 2499)"
    )
    await runtime.database.run(lambda connection: connection.execute(fill, {"offer": offer_id}))
    assert (await pro.add_stocks(wanted(offer_id, days=(10, 11))))["code"] == "TOO_MANY_STOCKS"
    assert (await pro.add_stocks(wanted(offer_id)))["__typename"] == "StocksAdded"
    many = wanted(offer_id, prices=tuple((str(number), 1) for number in range(50)))
    assert (await pro.add_stocks(many))["code"] == "TOO_MANY_PRICE_CATEGORIES"


async def test_an_event_has_no_lots_without_a_date(pro):
    concert = await pro.an_offer()
    assert (await pro.add_thing_stock(offerId=concert, priceCents=1))["code"] == "START_REQUIRED"


async def test_a_book_gets_a_lot(pro, subgraph):
    venue_id = await pro.a_venue()
    offer_id = await pro.an_offer(
        venueId=venue_id, subcategoryId="LIVRE_PAPIER", isbn="9782070360024", withdrawal=None
    )
    result = await pro.add_thing_stock(offerId=offer_id, priceCents=890, quantity=3)
    assert result["stock"] == {
        "id": result["stock"]["id"],
        "priceCents": 890,
        "priceLabel": None,
        "startsAt": None,
        "quantity": 3,
    }
    assert (await pro.add_stocks(wanted(offer_id)))["code"] == "START_NOT_ALLOWED"
    past = {"offerId": offer_id, "priceCents": 890, "bookingLimitAt": TODAY.isoformat()}
    assert (await pro.add_thing_stock(**past))["code"] == "DATE_IN_PAST"
    assert (await pro.add_thing_stock(**past | {"priceCents": -1}))["code"] == "NEGATIVE_PRICE"


async def test_what_is_left_out_of_an_edition_stays(pro, outbox):
    offer_id = await pro.an_offer()
    stock = await pro.a_stock(offer_id)
    changed = (await pro.update_stock(stock["id"], quantity=None))["stock"]
    assert (changed["quantity"], changed["priceCents"], changed["startsAt"]) == (
        None,
        2000,
        stock["startsAt"],
    )
    changed = (await pro.update_stock(stock["id"], priceCents=1500))["stock"]
    assert (changed["quantity"], changed["priceCents"]) == (None, 1500)
    events = [event["version"] for kind, event in await outbox() if kind == "stock.changed"]
    assert events == [2, 3]


async def test_E85_the_quantity_cannot_go_below_what_is_booked(pro, publish_booked):
    _, stock_id = await pro.a_published_offer()
    await publish_booked(stock_id, 6)
    refused = await pro.update_stock(stock_id, quantity=5)
    assert refused["code"] == "QUANTITY_BELOW_BOOKED"
    assert "(6)" in refused["message"]
    changed = (await pro.update_stock(stock_id, quantity=6))["stock"]
    assert changed["booked"] == 6
    assert [fact["condition"] for fact in changed["bookableFacts"] if not fact["holds"]] == ["PLACES_LEFT"]


EDITIONS_REFUSED = [
    ({"priceCents": -1}, "NEGATIVE_PRICE"),
    ({"priceCents": 300_01}, "PRICE_TOO_HIGH"),
    ({"quantity": 1_000_001}, "INVALID_QUANTITY"),
    ({"startsAt": None}, "START_REQUIRED"),
    ({"bookingLimitAt": None}, "BOOKING_LIMIT_REQUIRED"),
    ({"bookingLimitAt": at(30)}, "BOOKING_LIMIT_AFTER_START"),
    ({"startsAt": TODAY.isoformat(), "bookingLimitAt": TODAY.isoformat()}, "DATE_IN_PAST"),
]


async def test_editions_that_are_refused(pro):
    offer_id = await pro.an_offer()
    stock = await pro.a_stock(offer_id)
    for changes, code in EDITIONS_REFUSED:
        assert (await pro.update_stock(stock["id"], **changes))["code"] == code


async def test_a_past_event_is_settled(pro):
    _, stock_id = await pro.a_published_offer()
    stock = {"id": stock_id}
    after = TODAY.replace(month=12, day=2)
    assert (await pro.update_stock(stock["id"], quantity=1, at=after))["code"] == "PAST_EVENT_NOT_EDITABLE"
    too_late = TODAY.replace(month=12, day=4, minute=1)
    assert (await pro.delete_stock(stock["id"], at=too_late))["code"] == "TOO_LATE_TO_DELETE_STOCK"


async def test_a_price_is_never_null(pro):
    offer_id = await pro.an_offer()
    stock = await pro.a_stock(offer_id)
    variables = {"id": stock["id"], "key": str(new_id())}
    assert await pro.client.error_code(NULL_PRICE, variables, by=pro.who) == "BAD_INPUT"


async def test_a_deleted_stock_is_gone_for_its_pro_and_published(pro, subgraph, outbox):
    offer_id, stock_id = await pro.a_published_offer()
    assert await pro.delete_stock(stock_id) == {"__typename": "StockDeleted", "stockId": stock_id}
    kind, event = (await outbox())[-1]
    assert (kind, event["is_deleted"], event["version"]) == ("stock.deleted", True, 2)
    assert (await pro.delete_stock(stock_id))["code"] == "STOCK_NOT_FOUND"
    assert (await pro.update_stock(stock_id, quantity=1))["code"] == "STOCK_NOT_FOUND"
    shown = (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]
    assert shown == {"status": "SOLD_OUT", "stocks": []}


async def test_other_peoples_offers_and_stocks_look_unknown(pro, stranger):
    offer_id, stock_id = await pro.a_published_offer()
    unknown = str(new_id())
    for id_ in (offer_id, unknown):
        assert (await stranger.add_stocks(wanted(id_)))["code"] == "OFFER_NOT_FOUND"
    for id_ in (stock_id, unknown):
        assert (await stranger.update_stock(id_, quantity=1))["code"] == "STOCK_NOT_FOUND"
        assert (await stranger.delete_stock(id_))["code"] == "STOCK_NOT_FOUND"


async def test_one_key_sent_many_times_at_once_has_one_effect(pro, subgraph, outbox):
    offer_id = await pro.an_offer()
    key = new_id()
    answers = await asyncio.gather(*(pro.add_stocks(wanted(offer_id), key=key) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    shown = (await subgraph.data(OFFER, {"id": offer_id}, by=pro.who))["offer"]
    assert [stock["id"] for stock in shown["stocks"]] == [stock["id"] for stock in answers[0]["stocks"]]
    assert len([kind for kind, _ in await outbox() if kind == "stock.created"]) == 1
    for other in (
        pro.add_stocks(wanted(offer_id, quantity=51), key=key),
        pro.do(DELETE, key=key, id=offer_id),
    ):
        with pytest.raises(AssertionError, match="IDEMPOTENCY_CONFLICT"):
            await other


async def test_a_refusal_may_be_asked_again_with_the_same_key(pro):
    offer_id = await pro.an_offer()
    key = new_id()
    asked = wanted(offer_id)
    late = TODAY.replace(year=2027)
    assert (await pro.add_stocks(asked, key=key, at=late))["code"] == "DATE_IN_PAST"
    assert (await pro.add_stocks(asked, key=key))["__typename"] == "StocksAdded"


async def test_instants_are_worded_by_the_clock_of_the_venue(pro):
    venue_id = await pro.a_venue(postalCode="97400", city="Saint-Denis")
    offer_id = await pro.an_offer(venueId=venue_id)
    date = {"startsAt": "2026-11-01T19:30:00Z", "bookingLimitAt": "2026-11-01T19:30:00Z", "quantity": 1}
    refused = await pro.add_stocks(
        {"offerId": offer_id, "priceCategories": [{"priceCents": 0}], "dates": [date]}
    )
    assert refused["code"] == "DATE_IN_PAST"
    assert "1 novembre 2026 à 23 h 30 (heure de La Réunion)" in refused["message"]
