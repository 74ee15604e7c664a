"""Search understands what the producers say they publish."""

import json
from pathlib import Path

import pytest

from search.consumers.subscriptions import MESSAGES

_SERVICES = Path(__file__).parents[4]


@pytest.mark.parametrize("topic", MESSAGES)
def test_the_producers_example_becomes_a_record_whatever_is_added_to_it(topic: str) -> None:
    example = _SERVICES / topic.partition(".")[0] / "contracts/events" / f"{topic}.example.json"
    published = json.loads(example.read_text(encoding="utf-8"))

    record = MESSAGES[topic].model_validate({**published, "added_within_v1": {"any": "thing"}}).record()

    assert (record.id, record.version) == (published["id"], published["version"])
