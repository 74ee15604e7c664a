"""One key moves a booking once, and gives the same booking again."""

from datetime import timedelta

import pytest

from booking_support.world import NOW, World
from chassis.ids import new_id
from chassis.testing import SubgraphClient, principal

pytestmark = pytest.mark.servers

CANCEL = """mutation ($what: ID!, $key: UUID!) { done: cancelBooking(bookingId: $what, idempotencyKey: $key) {
    ... on BookingCancelled { booking { id status cancelledAt } } } }"""
VALIDATE = """mutation ($what: String!, $key: UUID!) {
  done: validateContremarque(code: $what, idempotencyKey: $key) {
    ... on ContremarqueValidated { booking { id status usedAt } } } }"""


async def test_one_key_cancels_once(world: World, subgraph: SubgraphClient) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    me, asked = principal("beneficiary", person_id=record.person_id), {"what": str(record.id)}
    asked["key"] = str(new_id())
    first = await subgraph.data(CANCEL, asked, by=me, at=NOW)
    assert first["done"]["booking"]["status"] == "CANCELLED"
    assert await subgraph.data(CANCEL, asked, by=me, at=NOW) == first
    assert len(await world.mails()) == 4


async def test_one_key_validates_once(world: World, subgraph: SubgraphClient) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    pro = principal("pro", structures=(world.structure_id,))
    asked, firm = {"what": record.token, "key": str(new_id())}, NOW + timedelta(hours=48)
    first = await subgraph.data(VALIDATE, asked, by=pro, at=firm)
    assert first["done"]["booking"]["status"] == "USED"
    assert await subgraph.data(VALIDATE, asked, by=pro, at=firm) == first
