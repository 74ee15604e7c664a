"""Who holds a booking goes on seeing the offer, its stock and its venue, whatever becomes of them."""

import pytest
import sqlalchemy as sa

from catalog.persistence.tables import offers, stocks
from chassis.testing import principal

pytestmark = pytest.mark.servers

ENTITIES = """
query ($wanted: [_Any!]!) {
  _entities(representations: $wanted) {
    ... on Offer { id name venue { id name } }
    ... on Stock { id priceCents offer { id } }
    ... on Venue { id name city }
  }
}
"""


@pytest.fixture
async def booked(pro, publish_booking):
    """A beneficiary and the ids of the venue, offer and stock that they have booked."""
    holder = principal("beneficiary")
    venue_id = await pro.a_venue()
    offer_id, stock_id = await pro.a_published_offer(venueId=venue_id)
    await publish_booking(holder.person_id, offer_id, venue_id)
    return holder, venue_id, offer_id, stock_id


async def seen(subgraph, who, venue_id, offer_id, stock_id):
    wanted = [
        {"__typename": "Offer", "id": offer_id},
        {"__typename": "Stock", "id": stock_id},
        {"__typename": "Venue", "id": venue_id},
    ]
    return (await subgraph.data(ENTITIES, {"wanted": wanted}, by=who))["_entities"]


async def withdrawn(pro, runtime, publish_structure, offer_id, stock_id):
    await pro.unpublish(offer_id)


async def rejected(pro, runtime, publish_structure, offer_id, stock_id):
    change = sa.update(offers).values(validation="REJECTED", is_active=False)
    await runtime.database.run(lambda connection: connection.execute(change))


async def date_deleted(pro, runtime, publish_structure, offer_id, stock_id):
    await pro.delete_stock(stock_id)
    await pro.unpublish(offer_id)


async def structure_closed(pro, runtime, publish_structure, offer_id, stock_id):
    await publish_structure(pro.structure_id, version=2, status="closed")


async def structure_rejected(pro, runtime, publish_structure, offer_id, stock_id):
    await publish_structure(pro.structure_id, version=2, status="rejected")


async def moved(pro, runtime, publish_structure, offer_id, stock_id):
    elsewhere = await pro.a_venue(siret="73282932000009", name="Ailleurs")
    change = sa.update(offers).values(venue_id=elsewhere)
    await runtime.database.run(lambda connection: connection.execute(change))
    await publish_structure(pro.structure_id, version=2, status="closed")


FATES = [withdrawn, rejected, date_deleted, structure_closed, structure_rejected, moved]


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.__name__)
async def test_a_ticket_holder_goes_on_seeing_all_of_it(
    pro, runtime, subgraph, booked, publish_structure, fate
):
    holder, *ids = booked
    await fate(pro, runtime, publish_structure, ids[1], ids[2])

    offer, stock, venue = await seen(subgraph, holder, *ids)

    assert (offer["id"], stock["id"], venue["id"]) == (ids[1], ids[2], ids[0])
    assert offer["venue"]["name"] == ("Ailleurs" if fate is moved else "Le Quartz")
    assert stock["offer"]["id"] == ids[1]


@pytest.mark.parametrize("fate", [withdrawn, rejected, structure_closed], ids=lambda fate: fate.__name__)
async def test_nobody_else_does(pro, runtime, subgraph, booked, publish_structure, fate):
    _, *ids = booked
    await fate(pro, runtime, publish_structure, ids[1], ids[2])

    for who in (None, principal("beneficiary"), principal("pro")):
        offer, stock, venue = await seen(subgraph, who, *ids)
        assert (offer, stock) == (None, None)
        assert (venue is None) == (fate is structure_closed)


async def test_a_booking_heard_again_changes_nothing(runtime, booked, publish_booking):
    holder, venue_id, offer_id, _ = booked
    await publish_booking(holder.person_id, offer_id, venue_id, version=2)
    async with runtime.database.read() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM booked_offers")) == 1
        assert await connection.scalar(sa.select(sa.func.count()).select_from(stocks)) == 1
