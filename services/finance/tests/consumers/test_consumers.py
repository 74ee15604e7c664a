"""What is heard: newer versions win, and what cannot be priced is set aside."""

import pytest

from finance.domain.subcategories import UnknownSubcategory
from finance.main import SERVICE

pytestmark = pytest.mark.servers


async def test_an_older_version_never_wins_in_any_topic(world):
    structure = await world.structure(version=2, name="Nouveau nom")
    await world.structure(id=structure, version=1, name="Ancien nom")
    venue = await world.venue(structure, version=2, city="Marseille")
    await world.venue(structure, id=venue, version=1, city="Lyon")
    state = world.used_booking(structure, venue)
    await world.publish(
        "booking.booking.v1", state, state | {"version": 2, "status": "CONFIRMED", "used_at": None}
    )
    assert await world.value("SELECT name FROM structures") == "Nouveau nom"
    assert await world.value("SELECT city FROM venues") == "Marseille"
    assert await world.value("SELECT status FROM bookings") == "USED"
    await world.publish("booking.booking.v1", state | {"version": 4, "status": "CANCELLED", "used_at": None})
    assert await world.rows("SELECT status, used_at, ordered_at FROM bookings") == [
        {"status": "CANCELLED", "used_at": None, "ordered_at": None}
    ]


async def test_a_booking_that_cannot_be_priced_is_not_kept(world):
    structure = await world.structure()
    with pytest.raises(UnknownSubcategory):
        await world.used(structure, await world.venue(structure), subcategory_id="TROTTINETTE")
    assert await world.value("SELECT count(*) FROM bookings") == 0


def test_the_service_publishes_and_consumes_what_it_declares(world):
    assert [topic.topic for topic in SERVICE.published(world.runtime)] == [
        "finance.reimbursement.v1",
        "finance.bank_account.v1",
    ]
    assert [subscription.topic for subscription in SERVICE.consumed(world.runtime)] == [
        "booking.booking.v1",
        "catalog.venue.v1",
        "identity.structure.v1",
        "identity.person.v1",
        "identity.session.v1",
    ]
