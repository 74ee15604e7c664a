"""Write `contracts/events/*.schema.json` from the states that the catalogue publishes.

python services/catalog/scripts/write_event_schemas.py
"""

import json
from pathlib import Path

from catalog.messages.offer import OFFER_TOPIC, OfferState
from catalog.messages.state import State, schema_of
from catalog.messages.stock import STOCK_TOPIC, StockState
from catalog.messages.venue import VENUE_TOPIC, VenueState

TARGET = Path(__file__).parents[1] / "contracts/events"
STATES: dict[str, type[State]] = {
    VENUE_TOPIC: VenueState,
    OFFER_TOPIC: OfferState,
    STOCK_TOPIC: StockState,
}

if __name__ == "__main__":
    for topic, model in STATES.items():
        text = json.dumps(schema_of(topic, model), indent=2, ensure_ascii=False) + "\n"
        (TARGET / f"{topic}.schema.json").write_text(text, encoding="utf-8")
