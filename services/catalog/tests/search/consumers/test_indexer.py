"""From messages to what can be found, interrupted anywhere."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.clock import iso
from chassis.provenance import HEADER, Producers, Signer
from chassis.sealed import Sealer
from chassis.testing import EVENT_KEY, EVENT_KEYS
from search.consumers.indexer import Indexer
from search.domain.query import SearchQuery
from search.engine.tantivy_engine import TantivyEngine
from search.state.store import LogPosition, Store

Records = Callable[..., SimpleNamespace]


@pytest.fixture
def record(given: SimpleNamespace) -> Records:
    """A Kafka record of one aggregate: `record("offer", version=2, name="Jazz")`."""
    bodies: dict[str, dict[str, Any]] = {
        "venue": {
            "id": "venue",
            "structure_status": "validated",
            "name": "SARL Bain",
            "public_name": "Le Petit Bain",
            "city": "Paris",
            "latitude": 48.86,
            "longitude": 2.35,
            "sealed": {"booking_email": "…"},
        },
        "offer": {
            "id": "offer",
            "venue_id": "venue",
            "subcategory_id": "CONCERT",
            "name": "Concert de jazz",
            "validation": "APPROVED",
            "is_active": True,
            "is_duo": False,
            "published_at": iso(given.now - timedelta(days=1)),
        },
        "stock": {
            "id": "stock",
            "offer_id": "offer",
            "price_cents": 1500,
            "quantity": 2,
            "starts_at": iso(given.now + timedelta(days=7)),
            "created_at": iso(given.now - timedelta(days=1)),
        },
        "availability": {"id": "stock", "offer_id": "offer", "quantity": 2, "booked": 0, "remaining": 2},
    }
    offsets = dict.fromkeys(bodies, 0)

    def make(kind: str, *, version: int = 1, **fields: Any) -> SimpleNamespace:
        context = "booking" if kind == "availability" else "catalog"
        offsets[kind] += 1
        return signed(
            SimpleNamespace(
                topic=f"{context}.{kind}.v1",
                partition=0,
                offset=offsets[kind] - 1,
                timestamp=1_000 + offsets[kind],
                key=b"key",
                value=json.dumps({**bodies[kind], "version": version, **fields}).encode(),
            )
        )

    return make


def signed(record: SimpleNamespace, key: str = EVENT_KEY) -> SimpleNamespace:
    (proof,) = Signer(key).sign([(record.topic, record.key, record.value)])
    record.headers = [("ce_type", b"told"), (HEADER, proof)]
    return record


class Replica:
    """State and index in one directory, opened again as often as wanted."""

    def __init__(self, directory: Path, now: Any) -> None:
        self._directory, self._now = directory, now
        self.open()

    def open(self, **options: Any) -> None:
        self.engine = TantivyEngine(self._directory / "index", writer_bytes=20_000_000)
        self.store = Store(self._directory / "state.sqlite3")
        self.indexer = Indexer(self.store, self.engine, Producers.of(EVENT_KEYS), **options)

    def close(self) -> None:
        self.store.close()
        self.engine.close()

    def catch_up(self, *records: Any, now: Any = None) -> None:
        self.indexer.absorb(records)
        while self.indexer.pending():
            self.indexer.index_pending(now or self._now)

    def names(self, now: Any = None) -> list[str]:
        return [hit.name for hit in self.engine.search(SearchQuery(now or self._now)).hits]


@pytest.fixture
def replica(tmp_path: Path, given: SimpleNamespace) -> Any:
    opened = Replica(tmp_path, given.now)
    yield opened
    opened.close()


def test_an_offer_is_found_once_all_it_is_made_of_is_heard_in_any_order(
    replica: Replica, record: Records
) -> None:
    replica.catch_up(record("availability"))
    replica.catch_up(record("stock"))
    replica.catch_up(record("offer"))
    assert replica.names() == []

    replica.catch_up(record("venue"))

    assert replica.names() == ["Concert de jazz"]
    [hit] = replica.engine.search(SearchQuery(replica._now)).hits
    assert (hit.venue_name, hit.city, hit.prices_cents) == ("Le Petit Bain", "Paris", [1500])


def test_sold_out_is_gone_and_a_cancellation_brings_it_back(replica: Replica, record: Records) -> None:
    replica.catch_up(record("venue"), record("offer"), record("stock"))
    assert replica.names() == ["Concert de jazz"]

    replica.catch_up(record("availability", version=2, booked=2, remaining=0))
    assert replica.names() == []

    replica.catch_up(record("availability", version=3, booked=1, remaining=1))
    assert replica.names() == ["Concert de jazz"]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("offer", {"is_active": False}),
        ("offer", {"validation": "REJECTED"}),
        ("stock", {"is_deleted": True}),
        ("stock", {"quantity": 0}),
        ("venue", {"structure_status": "closed"}),
    ],
)
def test_whatever_ends_bookability_takes_the_offer_out(
    replica: Replica, record: Records, kind: str, change: dict[str, Any]
) -> None:
    replica.catch_up(record("venue"), record("offer"), record("stock"))

    replica.catch_up(record(kind, version=2, **change))

    assert replica.names() == []
    assert replica.engine.count() == 0


def test_one_venue_changes_all_its_offers(replica: Replica, record: Records) -> None:
    offers = [record("offer", id=f"offer-{n}", name=f"Offre {n}") for n in range(1_200)]
    stocks = [record("stock", id=f"stock-{n}", offer_id=f"offer-{n}") for n in range(1_200)]
    replica.catch_up(*offers, *stocks, record("venue", structure_status="pending"))
    assert replica.engine.count() == 0

    replica.catch_up(record("venue", version=2))

    assert replica.engine.count() == 1_200


def test_interrupted_after_hearing_nothing_is_lost(replica: Replica, record: Records) -> None:
    replica.indexer.absorb([record("venue"), record("offer"), record("stock")])
    replica.close()

    replica.open()
    assert replica.names() == []
    assert LogPosition("catalog.offer.v1", 0, 1, 1_001) in replica.indexer.positions()
    replica.catch_up()

    assert replica.names() == ["Concert de jazz"]


def test_interrupted_after_the_index_was_written_the_same_is_written_again(
    replica: Replica, record: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica.indexer.absorb([record("venue"), record("offer"), record("stock")])
    with monkeypatch.context() as patched:
        patched.setattr(Store, "settle", _crash)
        with pytest.raises(KeyboardInterrupt):
            replica.indexer.index_pending(replica._now)
    replica.close()

    replica.open()
    assert replica.indexer.pending() == 1
    replica.catch_up()

    assert replica.engine.count() == 1


def test_interrupted_while_the_index_is_written_it_is_written_later(
    replica: Replica, record: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica.indexer.absorb([record("venue"), record("offer"), record("stock")])
    with monkeypatch.context() as patched:
        patched.setattr(TantivyEngine, "apply", _crash)
        with pytest.raises(KeyboardInterrupt):
            replica.indexer.index_pending(replica._now)
    replica.close()

    replica.open()
    replica.catch_up()

    assert replica.names() == ["Concert de jazz"]


def _crash(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_lost_index_is_built_again_from_the_state(
    replica: Replica, record: Records, tmp_path: Path
) -> None:
    replica.catch_up(record("venue"), record("offer"), record("stock"))
    replica.close()
    for file in (tmp_path / "index").iterdir():
        file.unlink()

    replica.open()
    replica.catch_up()

    assert replica.names() == ["Concert de jazz"]


def test_a_lost_state_empties_the_index_and_begins_the_topics_anew(
    replica: Replica, record: Records, tmp_path: Path
) -> None:
    replica.catch_up(record("venue"), record("offer"), record("stock"))
    replica.close()
    for file in tmp_path.glob("state.sqlite3*"):
        file.unlink()

    replica.open()

    assert replica.indexer.positions() == []
    assert replica.engine.count() == 0


@pytest.mark.parametrize(
    "value", [b"", b"{", b"[]", b'{"id": "offer"}', b'{"id":"o","version":"x"}', b"\xff\xfe"]
)
def test_a_message_nobody_can_read_holds_up_nothing(replica: Replica, record: Records, value: bytes) -> None:
    broken = record("offer")
    broken.value = value
    signed(broken)

    replica.catch_up(record("venue"), broken, record("offer"), record("stock"))

    assert replica.names() == ["Concert de jazz"]
    [letter] = replica.store.dead_letters()
    assert (letter.topic, letter.offset) == ("catalog.offer.v1", 0)


def test_what_its_producer_did_not_sign_is_not_found(replica: Replica, record: Records) -> None:
    unsigned, others, changed = (record("offer", version=2, name="Faux") for _ in range(3))
    unsigned.headers = []
    signed(others, Sealer.new_key())
    changed.value += b" "

    replica.catch_up(record("venue"), unsigned, others, changed, record("offer"), record("stock"))

    assert replica.names() == ["Concert de jazz"]
    assert [letter.reason for letter in replica.store.dead_letters()] == [
        "not signed",
        "not signed by its producer",
        "not signed by its producer",
    ]


def test_time_alone_takes_offers_out(replica: Replica, record: Records, given: SimpleNamespace) -> None:
    replica.catch_up(record("venue"), record("offer"), record("stock"))
    begins = given.now + timedelta(days=7)

    assert replica.names(begins - timedelta(seconds=1)) == ["Concert de jazz"]
    assert replica.names(begins) == [], "gone on the second, before anything is rebuilt"
    assert replica.engine.count() == 1

    assert replica.indexer.sweep(begins) == 1
    replica.catch_up(now=begins)
    assert replica.engine.count() == 0


def test_a_clock_that_may_be_moved_back_keeps_what_lapsed(
    replica: Replica, record: Records, given: SimpleNamespace
) -> None:
    replica.close()
    replica.open(keep_lapsed=True)
    past = given.now - timedelta(days=365)

    replica.catch_up(
        record("venue"),
        record("offer", published_at=iso(past)),
        record("stock", starts_at=iso(past + timedelta(days=1))),
    )

    assert replica.names() == []
    assert replica.names(past) == ["Concert de jazz"]
