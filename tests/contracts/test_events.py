"""Producers and consumers agree: every example of every producer is understood by every consumer."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chassis.consumer import Subscription

from .services import CONTEXTS, runtime, service

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(ROOT.glob("services/*/contracts/events/*.example.json"))
PUBLISHED = {
    topic.topic: context
    for context in CONTEXTS
    for topic in service(context).published(runtime(service(context)))
}
CONSUMED: list[tuple[str, Subscription[Any]]] = [
    (context, subscription)
    for context in CONTEXTS
    for subscription in service(context).consumed(runtime(service(context)))
]


def _topic(example: Path) -> str:
    return example.name.removesuffix(".example.json")


def test_every_published_topic_has_a_schema_and_an_example_and_nothing_else_has() -> None:
    folders = {_topic(example): example.parents[2].name for example in EXAMPLES}
    assert folders == PUBLISHED
    for example in EXAMPLES:
        assert (example.parent / f"{_topic(example)}.schema.json").exists()


def test_topics_are_named_after_their_owner() -> None:
    for topic, context in PUBLISHED.items():
        owner, _, version = topic.split(".")
        assert (owner, version) == (context, "v1")


@pytest.mark.parametrize("example", EXAMPLES, ids=_topic)
def test_the_example_follows_its_schema(example: Path) -> None:
    schema = json.loads((example.parent / f"{_topic(example)}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(json.loads(example.read_text()))


@pytest.mark.parametrize("example", EXAMPLES, ids=_topic)
def test_the_schema_requires_identity_and_version_and_allows_additions(example: Path) -> None:
    schema = json.loads((example.parent / f"{_topic(example)}.schema.json").read_text())
    assert {"id", "version"} <= set(schema["required"])
    assert schema.get("additionalProperties", True) is True


@pytest.mark.parametrize(
    ("context", "subscription"),
    CONSUMED,
    ids=[f"{context}-reads-{subscription.topic}" for context, subscription in CONSUMED],
)
def test_the_consumer_understands_the_producers_example(
    context: str, subscription: Subscription[Any]
) -> None:
    assert subscription.topic in PUBLISHED, f"nobody publishes {subscription.topic}"
    assert PUBLISHED[subscription.topic] != context, "a context does not listen to itself"
    folder = ROOT / "services" / PUBLISHED[subscription.topic] / "contracts/events"
    example = json.loads((folder / f"{subscription.topic}.example.json").read_text())
    understood = subscription.model.model_validate(example)
    assert str(understood.id) == example["id"]
    assert understood.version == example["version"]


@pytest.mark.parametrize(
    ("context", "subscription"),
    CONSUMED,
    ids=[f"{context}-reads-{subscription.topic}" for context, subscription in CONSUMED],
)
def test_the_consumer_tolerates_fields_it_does_not_know(
    context: str, subscription: Subscription[Any]
) -> None:
    folder = ROOT / "services" / PUBLISHED[subscription.topic] / "contracts/events"
    example = json.loads((folder / f"{subscription.topic}.example.json").read_text())
    understood = subscription.model.model_validate({**example, "added_within_v1": {"any": "thing"}})
    assert understood == subscription.model.model_validate(example)
