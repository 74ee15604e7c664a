"""What is heard and told: newer versions win, and every topic can be told again."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from chassis.republish import republish
from finance.domain.subcategories import UnknownSubcategory
from finance.events.published import PUBLISHED
from finance.main import SERVICE

pytestmark = pytest.mark.servers


async def test_an_older_version_never_wins_in_any_topic(world):
    structure = await world.structure(version=2, name="Nouveau nom")
    await world.structure(id=structure, version=1, name="Ancien nom")
    venue = await world.venue(structure, version=2, city="Marseille")
    await world.venue(structure, id=venue, version=1, city="Lyon")
    state = world.used_booking(structure, venue)
    await world.tell(
        "booking.booking.v1", state, state | {"version": 2, "status": "CONFIRMED", "used_at": None}
    )
    assert await world.value("SELECT name FROM structures") == "Nouveau nom"
    assert await world.value("SELECT city FROM venues") == "Marseille"
    assert await world.value("SELECT status FROM bookings") == "USED"
    await world.tell("booking.booking.v1", state | {"version": 4, "status": "CANCELLED", "used_at": None})
    assert await world.rows("SELECT status, used_at, ordered_at FROM bookings") == [
        {"status": "CANCELLED", "used_at": None, "ordered_at": None}
    ]


async def test_a_booking_that_cannot_be_priced_is_not_kept(world):
    structure = await world.structure()
    with pytest.raises(UnknownSubcategory):
        await world.used(structure, await world.venue(structure), subcategory_id="TROTTINETTE")
    assert await world.value("SELECT count(*) FROM bookings") == 0


async def told(world):
    rows = await world.rows("SELECT topic, key, type, payload FROM outbox ORDER BY topic, payload")
    return [(row["topic"], row["key"], row["type"], orjson.loads(row["payload"])) for row in rows]


async def test_every_topic_is_republished_as_it_is(world):
    structure, venue = await world.paid_place()
    waiting = await world.structure(name="Sans compte")
    await world.used(structure, venue)
    await world.used(structure, venue, subcategory_id="VOD")
    await world.used(waiting, await world.venue(waiting))
    await world.close()
    newest = {entry[1]: entry for entry in await told(world)}
    await world.runtime.database.run(lambda connection: connection.exec_driver_sql("DELETE FROM outbox"))
    counts = await republish(world.runtime.database, PUBLISHED)
    assert counts == {"finance.reimbursement.v1": 3, "finance.bank_account.v1": 1}
    assert {entry[1]: entry[3] for entry in await told(world)} == {
        key: {**entry[3], "version": entry[3]["version"]} for key, entry in newest.items()
    }


async def test_only_what_changed_since_is_republished(world):
    await world.paid_place()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert set((await republish(world.runtime.database, PUBLISHED, tomorrow)).values()) == {0}


async def test_no_bank_detail_is_in_any_event(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    await world.close()
    told_bytes = b"".join(row["payload"] for row in await world.rows("SELECT payload FROM outbox"))
    assert b"FR76" not in told_bytes
    assert b"AGRIFRPP" not in told_bytes


def test_the_service_publishes_and_consumes_what_it_declares(world):
    assert [topic.topic for topic in SERVICE.published(world.runtime)] == [
        "finance.reimbursement.v1",
        "finance.bank_account.v1",
    ]
    assert [subscription.topic for subscription in SERVICE.consumed(world.runtime)] == [
        "booking.booking.v1",
        "catalog.venue.v1",
        "identity.structure.v1",
    ]
