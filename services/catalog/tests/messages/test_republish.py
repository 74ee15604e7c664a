from datetime import UTC, datetime, timedelta

import pytest

from catalog.main import SERVICE
from chassis.republish import republish

pytestmark = pytest.mark.servers


def newest(events):
    states = {}
    for _, event in events:
        states[event["id"]] = {name: value for name, value in event.items() if name != "sealed"}
    return states


async def test_republishing_gives_the_state_that_was_published_last(runtime, pro, publish_structure, outbox):
    _, stock_id = await pro.a_published_offer()
    book = {"subcategoryId": "LIVRE_PAPIER", "isbn": "9782070360024", "withdrawal": None}
    await pro.an_offer(venueId=await pro.a_venue(siret="73282932000009"), **book)
    await publish_structure(pro.structure_id, version=2, status="closed")
    events = await outbox()
    counts = await republish(runtime.database, SERVICE.published(runtime))
    assert counts == {"catalog.venue.v1": 3, "catalog.offer.v1": 2, "catalog.stock.v1": 1}
    again = (await outbox())[len(events) :]
    assert {kind for kind, _ in again} == {"venue.republished", "offer.republished", "stock.republished"}
    assert newest(again) == newest(events)
    assert stock_id in newest(again)


async def test_only_what_changed_since(runtime, pro, outbox):
    await pro.a_venue()
    counts = await republish(
        runtime.database, SERVICE.published(runtime), datetime.now(UTC) + timedelta(hours=1)
    )
    assert set(counts.values()) == {0}
