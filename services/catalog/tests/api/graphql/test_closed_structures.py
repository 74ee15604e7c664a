"""What a structure may do is one table, identity's, which travels with it; staff never act for it."""

import pytest

from catalog_support.mutations import CREATE_VENUE
from catalog_support.pro import Pro, in_days
from chassis.ids import new_id
from chassis.testing import principal

pytestmark = pytest.mark.servers


WITHOUT = {"abilities": ["see_structure", "validate_contremarques"]}


@pytest.mark.parametrize(
    ("status", "more"), [("closed", WITHOUT), ("closed", {}), ("rejected", {}), ("validated", WITHOUT)]
)
async def test_a_structure_that_is_not_open_prepares_nothing(pro, publish_structure, outbox, status, more):
    venue_id = await pro.a_venue()
    offer_id, stock_id = await pro.a_published_offer(venueId=venue_id)
    draft_id = await pro.an_offer(venueId=venue_id)
    await publish_structure(pro.structure_id, version=2, status=status, **more)
    before = len(await outbox())
    date = {"startsAt": in_days(10), "bookingLimitAt": in_days(9), "quantity": 1}
    stocks = {"offerId": offer_id, "priceCategories": [{"priceCents": 0}], "dates": [date]}

    refused = [
        await pro.create_venue(siret="73282932000009"),
        await pro.create_offer(venueId=venue_id),
        await pro.add_stocks(stocks),
        await pro.add_thing_stock(offerId=draft_id, priceCents=0),
        await pro.update_stock(stock_id, quantity=500),
        await pro.publish(draft_id),
    ]

    assert {each["code"] for each in refused} == {"STRUCTURE_NOT_OPEN"}
    assert len(await outbox()) == before


@pytest.mark.parametrize("status", ["closed", "rejected"])
async def test_it_may_still_withdraw_what_it_offered(pro, publish_structure, status):
    offer_id, stock_id = await pro.a_published_offer()
    await publish_structure(pro.structure_id, version=2, status=status)
    assert (await pro.delete_stock(stock_id))["__typename"] == "StockDeleted"
    assert (await pro.unpublish(offer_id))["__typename"] == "OfferUnpublished"


async def test_a_pending_one_prepares_everything(pro, publish_structure):
    await publish_structure(pro.structure_id, version=2, status="pending")
    await pro.a_published_offer()


async def test_staff_never_act_for_a_structure_not_even_for_one_in_their_token(pro, subgraph):
    both = Pro(subgraph, principal("pro", "admin", structures=(pro.structure_id,)), pro.structure_id)
    assert (await both.create_venue())["code"] == "STRUCTURE_NOT_FOUND"
    venue_id = await pro.a_venue()
    assert (await both.create_offer(venueId=venue_id))["code"] == "VENUE_NOT_FOUND"
    offer_id = await pro.an_offer(venueId=venue_id)
    assert (await both.publish(offer_id))["code"] == "OFFER_NOT_FOUND"
    sent = {"input": {"structureId": "x", "name": "x", "postalCode": "x", "city": "x"}, "key": str(new_id())}
    assert await subgraph.error_code(CREATE_VENUE, sent, by=principal("admin")) == "FORBIDDEN"
