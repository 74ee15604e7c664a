"""Write `contracts/events/*.schema.json` from the states that the catalogue publishes.

python services/catalog/scripts/write_event_schemas.py
"""

import json
from pathlib import Path

from catalog.events.published import STATES, schema_of

TARGET = Path(__file__).parents[1] / "contracts/events"


def text_of(topic: str) -> str:
    """The whole file of a topic."""
    return json.dumps(schema_of(topic), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for topic in STATES:
        (TARGET / f"{topic}.schema.json").write_text(text_of(topic), encoding="utf-8")
