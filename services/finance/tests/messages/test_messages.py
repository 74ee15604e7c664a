"""What is published: every topic can be republished, and none tells a bank detail."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from chassis.republish import republish
from finance.messages import PUBLISHED

pytestmark = pytest.mark.servers


async def published(world):
    rows = await world.rows("SELECT topic, key, type, payload FROM outbox ORDER BY topic, payload")
    return [(row["topic"], row["key"], row["type"], orjson.loads(row["payload"])) for row in rows]


async def test_every_topic_is_republished_as_it_is(world):
    structure, venue = await world.paid_place()
    waiting = await world.structure(name="Sans compte")
    await world.used(structure, venue)
    await world.used(structure, venue, subcategory_id="VOD")
    await world.used(waiting, await world.venue(waiting))
    await world.close()
    newest = {entry[1]: entry for entry in await published(world)}
    await world.runtime.database.run(lambda connection: connection.exec_driver_sql("DELETE FROM outbox"))
    counts = await republish(world.runtime.database, PUBLISHED)
    assert counts == {"finance.reimbursement.v1": 3, "finance.bank_account.v1": 1}
    assert {entry[1]: entry[3] for entry in await published(world)} == {
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
    sent = b"".join(row["payload"] for row in await world.rows("SELECT payload FROM outbox"))
    assert b"FR76" not in sent
    assert b"AGRIFRPP" not in sent
