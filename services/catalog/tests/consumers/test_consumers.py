import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from catalog.persistence.tables import structures, venues
from chassis.ids import new_id

pytestmark = pytest.mark.servers


async def stored(runtime, table):
    async with runtime.database.read() as connection:
        return (await connection.execute(sa.select(table))).all()


async def test_a_structure_comes_with_its_virtual_venue(runtime, publish_structure, outbox):
    structure_id = new_id()
    await publish_structure(structure_id, status="pending")
    (structure,) = await stored(runtime, structures)
    assert (structure.siren, structure.status, structure.version) == ("732829320", "pending", 1)
    (venue,) = await stored(runtime, venues)
    assert (venue.name, venue.is_virtual, venue.timezone) == ("Offre numérique", True, "Europe/Paris")
    ((kind, event),) = await outbox()
    assert (kind, event["structure_status"], event["version"]) == ("venue.created", "pending", 1)


async def test_duplicates_and_older_versions_change_nothing(runtime, publish_structure, outbox):
    structure_id = new_id()
    await publish_structure(structure_id, version=3, status="validated")
    events = await outbox()
    await publish_structure(structure_id, version=3, status="pending")
    await publish_structure(structure_id, version=2, status="pending")
    assert await outbox() == events
    (structure,) = await stored(runtime, structures)
    assert structure.status == "validated"


async def test_a_new_status_is_published_for_each_venue_and_a_new_name_is_not(pro, publish_structure, outbox):
    venue_id = await pro.a_venue()
    before = len(await outbox())
    await publish_structure(pro.structure_id, version=2, name="Autre")
    assert len(await outbox()) == before
    await publish_structure(pro.structure_id, version=3, status="closed")
    events = (await outbox())[before:]
    assert [event["structure_status"] for _, event in events] == ["closed", "closed"]
    assert {event["id"]: event["version"] for _, event in events}[venue_id] == 2


async def test_one_batch_keeps_the_newest_of_each(runtime, hear, outbox):
    structure_id = new_id()

    def structure(version, status):
        return {"id": structure_id, "version": version, "siren": "732829320", "status": status}

    await hear(
        "identity.structure.v1", structure(2, "validated"), structure(1, "pending"), structure(2, "closed")
    )
    (structure,) = await stored(runtime, structures)
    assert (structure.version, structure.status) == (2, "validated")
    assert len(await outbox()) == 1


async def test_booked_places_only_move_forward_in_time(runtime, pro, publish_booked):
    _, stock_id = await pro.a_published_offer()

    async def booked():
        async with runtime.database.read() as connection:
            return await connection.scalar(
                sa.text("SELECT booked FROM stocks WHERE id = :id"), {"id": stock_id}
            )

    await publish_booked(stock_id, 7, version=5)
    await publish_booked(stock_id, 3, version=4)
    await publish_booked(stock_id, 9, version=5)
    assert await booked() == 7
    await publish_booked(stock_id, 0, version=6)
    assert await booked() == 0
    await publish_booked(str(new_id()), 1)


@pytest.mark.parametrize("wrong", [{"siren": "12"}, {"status": "sleeping"}, {"version": None}])
async def test_messages_that_make_no_sense_are_not_read(publish_structure, wrong):
    (field,) = wrong
    with pytest.raises(ValidationError, match=field):
        await publish_structure(new_id(), **wrong)
