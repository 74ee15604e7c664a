import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from catalog.main import SERVICE
from catalog.messages.offer import OFFER_TOPIC, OfferState, offer_event
from catalog.messages.state import schema_of
from catalog.messages.stock import STOCK_TOPIC, StockState, stock_event
from catalog.messages.venue import VENUE_TOPIC, VenueState, venue_event
from catalog.persistence.records import OfferRecord, StockRecord, VenueRecord
from chassis.graphql import print_subgraph
from chassis.ids import new_id
from chassis.sealed import Sealer

CONTRACTS = Path(__file__).parents[2] / "contracts"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SEALER = Sealer(Sealer.new_key())


def record(kind, **values):
    return kind(**{name: values.get(name) for name in kind.__slots__})


PLACE = {"id": new_id(), "version": 1, "structure_id": new_id(), "name": "Lieu", "timezone": "Europe/Paris"}
VENUE = record(VenueRecord, **PLACE, is_virtual=False, is_validated=True, booking_email="a@b.fr")
OFFER = record(
    OfferRecord,
    id=new_id(),
    version=1,
    venue_id=new_id(),
    structure_id=new_id(),
    subcategory_id="CONCERT",
    name="Concert",
    is_duo=True,
    product_key="x",
    validation="DRAFT",
    is_active=False,
    created_at=NOW,
    ranking_weight=0,
)
STOCK = record(
    StockRecord, id=new_id(), version=1, offer_id=new_id(), price_cents=0, is_deleted=False, created_at=NOW
)
STATES = {VENUE_TOPIC: VenueState, OFFER_TOPIC: OfferState, STOCK_TOPIC: StockState}
EVENTS = {
    VENUE_TOPIC: venue_event("venue.created", VENUE, "validated", SEALER),
    OFFER_TOPIC: offer_event("offer.created", OFFER),
    STOCK_TOPIC: stock_event("stock.created", STOCK),
}


def committed(name):
    return json.loads((CONTRACTS / "events" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("topic", STATES)
def test_the_committed_schema_is_fresh(topic):
    assert committed(f"{topic}.schema.json") == schema_of(topic, STATES[topic])


@pytest.mark.parametrize("topic", STATES)
def test_the_example_and_what_is_published_obey_the_schema(topic):
    schema = committed(f"{topic}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    for value in (committed(f"{topic}.example.json"), json.loads(EVENTS[topic].payload())):
        jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())
        assert set(value) == set(schema["properties"]) == set(schema["required"])


def test_the_booking_email_is_sealed():
    event = EVENTS[VENUE_TOPIC]
    assert b"a@b.fr" not in event.payload()
    assert SEALER.open(event.state["sealed"], (VENUE_TOPIC, event.key)) == {"booking_email": "a@b.fr"}


def test_the_committed_subgraph_is_fresh():
    text = (CONTRACTS / "schema.graphql").read_text(encoding="utf-8")
    assert text == print_subgraph(SERVICE.schema(True))
