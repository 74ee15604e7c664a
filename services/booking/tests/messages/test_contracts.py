"""What is published is what the schema files promise."""

import json
from pathlib import Path

import jsonschema
import pytest

from booking.messages import availability, booking
from booking_support.world import World

CONTRACTS = Path(__file__).parents[2] / "contracts" / "events"


def checker(topic: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((CONTRACTS / f"{topic}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("topic", [booking.TOPIC, availability.TOPIC])
def test_the_example_keeps_the_promise(topic: str) -> None:
    example = json.loads((CONTRACTS / f"{topic}.example.json").read_text(encoding="utf-8"))
    checker(topic).validate(example)
    assert set(example) == set(checker(topic).schema["properties"])


@pytest.mark.servers
async def test_every_event_keeps_the_promise_and_says_nothing_more(world: World) -> None:
    person = await world.person()
    await world.booked(person, await world.event_stock())
    await world.booked(person, await world.thing_stock(quantity=None, price_cents=0))
    for topic in (booking.TOPIC, availability.TOPIC):
        published = await world.events(topic)
        assert published
        for event in published:
            state = {name: value for name, value in event.items() if name not in ("key", "type")}
            state.update({"sealed": "…"} if "sealed" in state else {})
            checker(topic).validate(state)
            assert set(state) == set(checker(topic).schema["properties"])


@pytest.mark.servers
async def test_nothing_personal_is_readable_in_what_is_published(world: World) -> None:
    person = await world.person()
    record = await world.booked(person, await world.event_stock())
    row = await world.one("SELECT string_agg(encode(payload, 'escape'), ' ') AS published FROM outbox")
    for private in (record.token, "Martin", "example.fr", "+336", "2008-05-01"):
        assert private not in row.published
