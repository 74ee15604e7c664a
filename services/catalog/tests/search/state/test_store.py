"""The state: only newer versions change it, and what changes is remembered as work to do."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from search.consumers.availability import AvailabilityMessage
from search.consumers.message import StateMessage
from search.consumers.offer import OfferMessage
from search.consumers.stock import StockMessage
from search.consumers.venue import VenueMessage
from search.state import tables
from search.state.records import TABLE_OF, columns
from search.state.store import DeadLetter, LogBeginning, LogPosition, Store

VENUE: dict[str, Any] = {"id": "v", "version": 1, "structure_status": "validated", "name": "Le Petit Bain"}
OFFER: dict[str, Any] = {
    "id": "o",
    "version": 1,
    "venue_id": "v",
    "subcategory_id": "CONCERT",
    "name": "Jazz",
    "validation": "APPROVED",
    "is_active": True,
    "published_at": "2026-11-20T10:00:00Z",
}
STOCK: dict[str, Any] = {
    "id": "s",
    "version": 1,
    "offer_id": "o",
    "price_cents": 1500,
    "quantity": 10,
    "created_at": "2026-11-20T10:00:00Z",
}
AVAILABILITY: dict[str, Any] = {"id": "s", "version": 1, "offer_id": "o", "booked": 0}


def _absorb(store: Store, *messages: StateMessage) -> None:
    for message in messages:
        store.absorb([message.record()])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state.sqlite3")


def _settle(store: Store) -> None:
    store.settle(dict.fromkeys(store.pending(100)))


def test_records_are_the_columns_of_their_tables() -> None:
    made = sqlite3.connect(":memory:")
    made.executescript(tables.SCHEMA)
    for record, table in TABLE_OF.items():
        found = [column[1] for column in made.execute(f"PRAGMA table_info({table})")]
        assert found == list(columns(record))


def test_only_a_newer_version_changes_anything(store: Store) -> None:
    _absorb(store, VenueMessage(**VENUE), OfferMessage(**OFFER | {"version": 5, "name": "Cinq"}))
    _settle(store)

    _absorb(store, OfferMessage(**OFFER | {"version": 4, "name": "Quatre"}))
    _absorb(store, OfferMessage(**OFFER | {"version": 5, "name": "Cinq encore"}))
    assert store.offers(["o"])["o"].offer.name == "Cinq"
    assert store.pending(10) == [], "an old version is no work"

    _absorb(store, OfferMessage(**OFFER | {"version": 6, "name": "Six"}))
    assert store.offers(["o"])["o"].offer.name == "Six"
    assert store.pending(10) == ["o"]


@pytest.mark.parametrize(
    "message",
    [
        VenueMessage(**VENUE | {"version": 2}),
        OfferMessage(**OFFER | {"version": 2}),
        StockMessage(**STOCK | {"version": 2}),
        AvailabilityMessage(**AVAILABILITY | {"version": 2}),
    ],
)
def test_whatever_an_offer_is_made_of_touches_it(store: Store, message: StateMessage) -> None:
    _absorb(
        store,
        VenueMessage(**VENUE),
        OfferMessage(**OFFER),
        StockMessage(**STOCK),
        AvailabilityMessage(**AVAILABILITY),
    )
    _settle(store)

    _absorb(store, message)

    assert store.pending(10) == ["o"]


_HISTORY = [
    *(VenueMessage(**VENUE | {"version": n, "name": f"Salle {n}"}) for n in (1, 2)),
    *(OfferMessage(**OFFER | {"version": n, "name": f"Jazz {n}"}) for n in (1, 2, 3)),
    *(StockMessage(**STOCK | {"version": n, "price_cents": n}) for n in (1, 2)),
    *(AvailabilityMessage(**AVAILABILITY | {"version": n, "booked": n}) for n in (1, 2, 3)),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@for_all(st.permutations(_HISTORY), st.lists(st.sampled_from(_HISTORY), max_size=6))
def test_any_order_and_any_duplication_end_in_the_same_state(
    tmp_path_factory: pytest.TempPathFactory, messages: list[StateMessage], again: list[StateMessage]
) -> None:
    store = Store(tmp_path_factory.mktemp("state") / "state.sqlite3")
    _absorb(store, *messages, *again)

    found = store.offers(["o"])["o"]

    assert found.venue is not None
    assert (found.venue.name, found.offer.name) == ("Salle 2", "Jazz 3")
    assert [(stock.price_cents, found.booked[stock.id]) for stock in found.stocks] == [(2, 3)]
    assert store.pending(10) == ["o"]
    store.close()


def test_offsets_and_what_they_led_to_change_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = LogPosition("catalog.offer.v1", 0, 7, 1000)
    record = OfferMessage(**OFFER).record()
    store.absorb([], [before])

    with pytest.raises(sqlite3.Error):
        store.absorb(
            [record, replace(record, id=None)],  # type: ignore[arg-type]
            [LogPosition("catalog.offer.v1", 0, 9, 2000)],
        )

    assert store.positions() == [before]
    assert store.offers(["o"]) == {}


@pytest.mark.parametrize(
    ("known", "found", "replaced"),
    [
        ((0, 500), (0, 500), False),
        ((0, 500), (0, 501), True),
        ((0, 500), (0, 499), True),
        ((0, 500), (7, 900), False),
        ((7, 900), (0, 950), True),
        ((7, 900), (7, 950), True),
    ],
    ids=["the-same", "later", "earlier", "compacted", "begun-again", "of-another-time"],
)
def test_a_log_that_begins_otherwise_is_another_one(
    store: Store, known: tuple[int, int], found: tuple[int, int], replaced: bool
) -> None:
    position, beside = LogPosition("t", 1, 9, 1000), LogPosition("t", 2, 9, 1000)
    store.absorb([], [position, beside], (), [LogBeginning("t", 1, *known), LogBeginning("t", 2, 0, 1)])
    now = LogBeginning("t", 1, *found)

    assert store.begin([now]) == [now] * replaced
    assert store.positions() == [position] * (not replaced) + [beside]
    assert store.begin([now]) == [], "told once"


def test_a_partition_begins_with_the_first_record_that_was_read_of_it(store: Store) -> None:
    """One that was empty when it was looked at has no other beginning."""
    store.absorb([], [LogPosition("t", 1, 9, 1000)], (), [LogBeginning("t", 1, 0, 500)])
    store.absorb([], [LogPosition("t", 1, 12, 2000)], (), [LogBeginning("t", 1, 9, 1500)])

    assert store.begin([LogBeginning("t", 1, 0, 500)]) == []
    assert store.begin([]) == [], "empty now: nothing is known of it"
    assert store.begin([LogBeginning("t", 1, 0, 3000)]) != []
    assert store.positions() == []


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path / "state.sqlite3")
    _absorb(first, OfferMessage(**OFFER))
    first.absorb([], [LogPosition("t", 1, 2, 3)], [DeadLetter("t", 1, 1, "id: missing")])
    first.feed_anew("generation")
    first.close()

    again = Store(tmp_path / "state.sqlite3")

    assert again.pending(10) == ["o"]
    assert again.positions() == [LogPosition("t", 1, 2, 3)]
    assert again.dead_letters() == [DeadLetter("t", 1, 1, "id: missing")]
    assert again.fed_index() == "generation"


@pytest.mark.parametrize("damage", ["torn", "format"])
def test_a_state_that_cannot_be_used_is_begun_anew(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.sqlite3"
    first = Store(path)
    _absorb(first, OfferMessage(**OFFER))
    first.close()
    if damage == "torn":
        path.write_bytes(b"not a database at all" * 500)
    else:
        monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)

    again = Store(path)

    assert (again.pending(10), again.positions(), again.fed_index()) == ([], [], None)


def test_offers_become_work_at_the_instant_a_stock_lapses(given: SimpleNamespace, store: Store) -> None:
    _absorb(store, OfferMessage(**OFFER))
    store.settle({"o": 1_000})

    assert store.mark_lapsed(999) == 0
    assert store.pending(10) == []
    assert store.mark_lapsed(1_000) == 1
    assert store.pending(10) == ["o"]
    assert store.mark_lapsed(1_000) == 0
