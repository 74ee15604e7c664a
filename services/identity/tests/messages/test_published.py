"""What is published: contracts hold, nothing personal is readable, and everything can be published again."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import orjson
import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.republish import republish
from chassis.sealed import Sealer
from identity.messages import published

CONTRACTS = Path(__file__).parents[2] / "contracts" / "events"
TOPICS = [topic.topic for topic in published(Sealer(Sealer.new_key()))]


def schema_of(topic: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACTS / f"{topic}.schema.json").read_text())
    return schema


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_schema_and_an_example_of_it(topic: str) -> None:
    schema = schema_of(topic)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((CONTRACTS / f"{topic}.example.json").read_text()), schema)
    assert schema["additionalProperties"] is True


async def everything(identity: Any) -> None:
    """At least one event on each topic."""
    await identity.granted(await identity.young_person())
    await identity.pro()
    leaving = (await identity.sign_in("jeune@example.com"))["refreshToken"]
    await identity.api.data(
        "mutation ($token: String!) { signOut(refreshToken: $token) }", {"token": leaving}
    )


@pytest.mark.servers
async def test_every_event_fits_its_schema(identity: Any) -> None:
    await everything(identity)
    for topic in TOPICS:
        events = await identity.events(topic)
        assert events, topic
        for event in events:
            jsonschema.validate(event, schema_of(topic))


@pytest.mark.servers
async def test_nothing_personal_is_readable_in_an_event_or_a_mail_that_waits(identity: Any) -> None:
    await everything(identity)
    async with identity.runtime.database.read() as connection:
        texts = [row.payload.decode() for row in await connection.execute(sa.select(tables.outbox.c.payload))]
        mails = await connection.execute(sa.select(tables.outgoing_mails.c.payload))
        texts += [orjson.dumps(row.payload).decode() for row in mails]
    for canary in (
        "example.com",
        "Élise",
        "Martin",
        "2008-05-04",
        "+33199001234",
        "12AB34CD5",
        "Abcdefgh123!",
    ):
        assert not any(canary in text for text in texts), canary


@pytest.mark.servers
async def test_personal_data_opens_with_the_sealing_key(identity: Any) -> None:
    await everything(identity)
    person = (await identity.events("identity.person.v1"))[0]
    assert identity.runtime.sealer.open(person["sealed"], ("identity.person.v1", UUID(person["id"]))) == {
        "email": "jeune@example.com",
        "first_name": "Élise",
        "last_name": "Martin",
        "birth_date": "2008-05-04",
        "phone": None,
    }


@pytest.mark.servers
async def test_republished_every_aggregate_is_as_it_was(identity: Any) -> None:
    await everything(identity)
    topics = published(identity.runtime.sealer)

    def opened(sealed: str, topic: str, event: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = identity.runtime.sealer.open(sealed, (topic, UUID(event["id"])))
        return fields

    async def last_states(topic: str) -> dict[str, dict[str, Any]]:
        states = {}
        for event in await identity.events(topic):
            sealed = event.pop("sealed", None)
            states[event["id"]] = event | ({"open": opened(sealed, topic, event)} if sealed else {})
        return states

    before = {topic: await last_states(topic) for topic in TOPICS}
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(sa.delete(tables.outbox))
    counts = await republish(identity.runtime.database, topics)
    assert counts == {topic: len(states) for topic, states in before.items()}
    assert {topic: await last_states(topic) for topic in TOPICS} == before
    future = identity.runtime.clock.now().replace(year=2099)
    assert set((await republish(identity.runtime.database, topics, future)).values()) == {0}
