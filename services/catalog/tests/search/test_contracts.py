"""Search understands what the producers say they publish."""

import json
from pathlib import Path

import pytest

from search.events.consumed import TOLD

_SERVICES = Path(__file__).parents[3]


@pytest.mark.parametrize("topic", TOLD)
def test_the_producers_example_becomes_a_row_whatever_is_added_to_it(topic: str) -> None:
    example = _SERVICES / topic.partition(".")[0] / "contracts/events" / f"{topic}.example.json"
    told = json.loads(example.read_text(encoding="utf-8"))

    row = TOLD[topic].model_validate({**told, "added_within_v1": {"any": "thing"}}).row()

    assert (row["id"], row["version"]) == (told["id"], told["version"])
