"""A venue has one active offer of a product (case V04): by the rule, and by the database when asked at once."""

import asyncio
from collections import Counter

import pytest
import sqlalchemy as sa

from catalog.persistence.tables import offers

pytestmark = pytest.mark.servers

ISBN, OTHER_ISBN = "9782070360024", "9782070368228"
AT_ONCE = 8


async def draft(pro, venue_id, isbn=ISBN):
    offer_id = await pro.an_offer(
        venueId=venue_id, subcategoryId="LIVRE_PAPIER", isbn=isbn, withdrawal=None, isDuo=False
    )
    added = await pro.add_thing_stock(offerId=offer_id, priceCents=890, quantity=3)
    assert added["__typename"] == "ThingStockAdded", added
    return offer_id


async def active(runtime):
    async with runtime.database.read() as connection:
        counted = sa.select(sa.func.count()).where(offers.c.is_active)
        return (await connection.execute(counted)).scalar_one()


async def test_V04_a_second_one_is_refused_when_drafted_and_when_published(pro, runtime):
    venue_id = await pro.a_venue()
    first, second = await draft(pro, venue_id), await draft(pro, venue_id)
    assert (await pro.publish(first))["__typename"] == "OfferPublished"
    refused = await pro.publish(second)
    assert refused["code"] == "EAN_ALREADY_OFFERED"
    assert ISBN in refused["message"]
    asked = {"subcategoryId": "LIVRE_PAPIER", "withdrawal": None, "isDuo": False}
    written_otherwise = await pro.create_offer(venueId=venue_id, isbn="2-07-036002-4", **asked)
    assert written_otherwise["code"] == "EAN_ALREADY_OFFERED"
    assert await active(runtime) == 1


async def test_V04_the_same_one_may_be_published_again_and_another_after_it_is_taken_back(pro):
    venue_id = await pro.a_venue()
    first, second = await draft(pro, venue_id), await draft(pro, venue_id)
    for _ in range(2):
        assert (await pro.publish(first))["__typename"] == "OfferPublished"
    await pro.unpublish(first)
    assert (await pro.publish(second))["__typename"] == "OfferPublished"
    assert (await pro.publish(first))["code"] == "EAN_ALREADY_OFFERED"


async def test_V04_another_book_another_venue_and_offers_without_a_number_are_free(pro):
    venue_id, elsewhere = await pro.a_venue(), await pro.a_venue(siret="73282932000009")
    for offer_id in (
        await draft(pro, venue_id),
        await draft(pro, elsewhere),
        await draft(pro, venue_id, OTHER_ISBN),
    ):
        assert (await pro.publish(offer_id))["__typename"] == "OfferPublished"
    for _ in range(2):
        await pro.a_published_offer(venueId=venue_id)


async def publish_at_once(pro, runtime):
    venue_id = await pro.a_venue()
    drafts = [await draft(pro, venue_id) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*(pro.publish(offer_id) for offer_id in drafts))
    return Counter(answer.get("code", "published") for answer in answers), await active(runtime)


async def test_V04_of_those_published_at_once_one_is(pro, runtime):
    answers, published = await publish_at_once(pro, runtime)
    assert answers == {"published": 1, "EAN_ALREADY_OFFERED": AT_ONCE - 1}
    assert published == 1


async def test_V04_without_the_index_more_of_them_are(pro, runtime):
    async with runtime.database.engine.begin() as connection:
        await connection.execute(sa.text("DROP INDEX offers_one_active_per_ean"))
    _, published = await publish_at_once(pro, runtime)
    assert published > 1
