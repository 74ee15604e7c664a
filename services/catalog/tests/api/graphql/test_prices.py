"""What a price may be where the venue is, and where the offer was accepted."""

import pytest
import sqlalchemy as sa

from catalog.persistence.tables import price_limitations
from catalog_support.pro import in_days

pytestmark = pytest.mark.servers


def tariff(offer_id, price_cents):
    date = {"startsAt": in_days(10), "bookingLimitAt": in_days(9), "quantity": 1}
    category = {"label": "Or", "priceCents": price_cents}
    return {"offerId": offer_id, "priceCategories": [category], "dates": [date]}


async def test_S02_a_price_in_noumea_is_what_200_euros_are_there_at_most(pro):
    there = await pro.a_venue(postalCode="98800", city="Nouméa", latitude=-22.27, longitude=166.44)
    concert = await pro.an_offer(venueId=there)
    refused = await pro.add_stocks(tariff(concert, 200_01))
    assert refused["code"] == "PRICE_TOO_HIGH"
    assert refused["message"] == "Le prix d'une offre ne peut excéder 23 865 F CFP (200 €)."
    added = await pro.add_stocks(tariff(concert, 200_00))
    stock_id = added["stocks"][0]["id"]
    assert (await pro.update_stock(stock_id, priceCents=200_01))["code"] == "PRICE_TOO_HIGH"
    here = await pro.an_offer(venueId=await pro.a_venue(siret="73282932000009"))
    assert (await pro.add_stocks(tariff(here, 200_01)))["__typename"] == "StocksAdded"


async def an_instrument(pro):
    offer_id = await pro.an_offer(subcategoryId="ACHAT_INSTRUMENT", withdrawal=None, isDuo=False)
    added = await pro.add_thing_stock(offerId=offer_id, priceCents=80_00, quantity=1)
    return offer_id, added["stock"]["id"]


async def limit(runtime, subcategory_id, rate_percent):
    values = {"subcategory_id": subcategory_id, "rate_percent": rate_percent}
    async with runtime.database.engine.begin() as connection:
        await connection.execute(sa.insert(price_limitations), values)


async def test_S03_the_price_of_an_accepted_offer_stays_near(pro, runtime):
    await limit(runtime, "ACHAT_INSTRUMENT", 50)
    offer_id, stock_id = await an_instrument(pro)
    assert (await pro.update_stock(stock_id, priceCents=10_00))["__typename"] == "StockUpdated"
    assert (await pro.update_stock(stock_id, priceCents=80_00))["__typename"] == "StockUpdated"
    assert (await pro.publish(offer_id))["__typename"] == "OfferPublished"
    codes = {
        price: (await pro.update_stock(stock_id, priceCents=price)).get("code")
        for price in (90_00, 65_00, 121_00, 39_00, 120_00, 40_00)
    }
    assert [price for price, code in codes.items() if code == "PRICE_MOVED_TOO_FAR"] == [121_00, 39_00]
    assert set(codes.values()) == {None, "PRICE_MOVED_TOO_FAR"}
    another = await pro.add_thing_stock(offerId=offer_id, priceCents=121_00, quantity=1)
    assert another["code"] == "PRICE_MOVED_TOO_FAR"
    await pro.unpublish(offer_id)
    assert (await pro.publish(offer_id))["__typename"] == "OfferPublished"
    assert (await pro.update_stock(stock_id, priceCents=121_00))["code"] == "PRICE_MOVED_TOO_FAR"


async def test_S03_prices_of_other_sub_categories_move_freely(pro, runtime):
    await limit(runtime, "LIVRE_PAPIER", 0)
    offer_id, stock_id = await an_instrument(pro)
    await pro.publish(offer_id)
    assert (await pro.update_stock(stock_id, priceCents=1_00))["__typename"] == "StockUpdated"
