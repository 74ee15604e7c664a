"""From what was heard to what can be found, in steps that may be interrupted anywhere.

1. `absorb`: messages, offsets and the list of offers they touch, in one transaction;
2. `index_pending`: the touched offers' documents, committed to the index;
3. only then are the offers struck off the list.

Interrupted after 1, the list is still there; after 2, the same documents are written once more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from chassis.consumer import describe
from chassis.telemetry import DEAD_LETTERS, EVENTS_CONSUMED, log
from search.domain.document import Document, document
from search.domain.facts import Offer, Stock, Venue
from search.domain.geography import Position
from search.domain.instants import from_microseconds, microseconds
from search.engine.interface import Change, SearchEngine
from search.events.consumed import TOLD
from search.state.store import DeadLetter, LogPosition, OfferState, Row, Store

_CHUNK = 1_000
"""Offers per index commit: large enough to build an index fast, small enough for searches not to wait."""


class Record(Protocol):
    """What is needed of a Kafka record."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    value: bytes | None


class Indexer:
    """Keeps one engine in step with one store. Not for two threads at once.

    `keep_lapsed` indexes stocks whose time is over as well: only useful where the clock can be
    moved back.
    """

    def __init__(self, store: Store, engine: SearchEngine, *, keep_lapsed: bool = False) -> None:
        self._store = store
        self._engine = engine
        self._keep_lapsed = keep_lapsed
        if store.fed_index() != engine.generation:
            self.rebuild()

    def rebuild(self) -> None:
        """Empty the index and list every offer to be written again, from the state alone."""
        self._engine.rebuild()
        self._store.feed_anew(self._engine.generation)

    def positions(self) -> list[LogPosition]:
        return self._store.positions()

    def absorb(self, records: Sequence[Record]) -> None:
        """Keep what the records tell. One that cannot be read is set aside and holds up nothing."""
        told: dict[str, list[Row]] = {}
        ends: dict[tuple[str, int], LogPosition] = {}
        dead: list[DeadLetter] = []
        for record in records:
            position = LogPosition(record.topic, record.partition, record.offset + 1, record.timestamp)
            ends[record.topic, record.partition] = position
            EVENTS_CONSUMED.labels(record.topic).inc()
            try:
                message = TOLD[record.topic].model_validate_json(record.value or b"")
            except ValidationError as error:
                dead.append(DeadLetter(record.topic, record.partition, record.offset, describe(error)))
                DEAD_LETTERS.labels(record.topic).inc()
                log.error(
                    "search.dead_letter", topic=record.topic, offset=record.offset, reason=dead[-1].reason
                )
            else:
                told.setdefault(message.table, []).append(message.row())
        self._store.absorb(told, ends.values(), dead)

    def pending(self) -> int:
        """Offers whose documents may be out of date."""
        return self._store.pending_count()

    def index_pending(self, now: datetime) -> bool:
        """Bring the documents of one chunk of pending offers up to date; whether there may be more."""
        ids = self._store.pending(_CHUNK)
        if not ids:
            return False
        states = self._store.offers(ids)
        horizon = None if self._keep_lapsed else now
        documents = {offer_id: _document(states.get(offer_id), horizon) for offer_id in ids}
        self._engine.apply([Change(offer_id, found) for offer_id, found in documents.items()])
        self._store.settle(
            {k: None if found is None else found.next_lapse_us for k, found in documents.items()}
        )
        return len(ids) == _CHUNK

    def sweep(self, now: datetime) -> int:
        """Time alone ends stocks: list the offers that lost one since; how many."""
        return 0 if self._keep_lapsed else self._store.mark_lapsed(microseconds(now))


def _document(state: OfferState | None, horizon: datetime | None) -> Document | None:
    if state is None or state.venue is None:
        return None
    return document(_venue(state.venue), _offer(state.offer), map(_stock, state.stocks), horizon)


def _venue(row: Row) -> Venue:
    located = row["latitude"] is not None and row["longitude"] is not None
    return Venue(
        id=row["id"],
        structure_status=row["structure_status"],
        name=row["name"],
        city=row["city"],
        timezone=row["timezone"],
        is_virtual=bool(row["is_virtual"]),
        position=Position(row["latitude"], row["longitude"]) if located else None,
    )


def _offer(row: Row) -> Offer:
    return Offer(
        id=row["id"],
        venue_id=row["venue_id"],
        subcategory_id=row["subcategory_id"],
        name=row["name"],
        validation=row["validation"],
        is_active=bool(row["is_active"]),
        published_at=_instant(row, "published_us"),
        description=row["description"],
        artist=row["artist"],
        isbn=row["isbn"],
        product_key=row["product_key"],
        is_duo=bool(row["is_duo"]),
        is_digital=bool(row["is_digital"]),
        ranking_weight=row["ranking_weight"],
    )


def _stock(row: Row) -> Stock:
    return Stock(
        id=row["id"],
        offer_id=row["offer_id"],
        price_cents=row["price_cents"],
        created_at=from_microseconds(row["created_us"]),
        quantity=row["quantity"],
        booked=row["booked"],
        starts_at=_instant(row, "starts_us"),
        booking_limit_at=_instant(row, "limit_us"),
        is_deleted=bool(row["is_deleted"]),
    )


def _instant(row: Mapping[str, Any], column: str) -> datetime | None:
    value = row[column]
    return None if value is None else from_microseconds(value)
