"""From what was heard to what can be found, in steps that may be interrupted anywhere.

1. `absorb`: messages, offsets and the list of offers they touch, in one transaction;
2. `index_pending`: the touched offers' documents, committed to the index;
3. only then are the offers struck off the list.

Interrupted after 1, the list is still there; after 2, the same documents are written once more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError

from chassis.consumer import describe
from chassis.provenance import NotProven, Producers, proof_among
from chassis.telemetry import DEAD_LETTERS, EVENTS_CONSUMED, log
from search.consumers.subscriptions import MESSAGES
from search.domain.document import Document, document
from search.domain.instants import microseconds
from search.engine.interface import Change, SearchEngine
from search.state.records import Record
from search.state.store import DeadLetter, LogBeginning, LogPosition, OfferState, Store

_CHUNK = 1_000
"""Offers per index commit: large enough to build an index fast, small enough for searches not to wait."""


class KafkaRecord(Protocol):
    """What is needed of a Kafka record."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes]] | None


class Indexer:
    """Keeps one engine in step with one store. Not for two threads at once.

    `keep_lapsed` indexes stocks whose time is over as well: only useful where the clock can be
    moved back.
    """

    def __init__(
        self, store: Store, engine: SearchEngine, producers: Producers, *, keep_lapsed: bool = False
    ) -> None:
        self._store = store
        self._producers = producers
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

    def begin(self, found: Sequence[LogBeginning]) -> None:
        """How the partitions begin now: one that begins otherwise is another log, to be read from its beginning."""
        for each in self._store.begin(found):
            log.warning("search.log_replaced", topic=each.topic, partition=each.partition)

    def absorb(self, records: Sequence[KafkaRecord]) -> None:
        """Keep what the records say. One that cannot be read, or is not its producer's, is set aside and holds
        up nothing."""
        heard: list[Record] = []
        starts: dict[tuple[str, int], LogBeginning] = {}
        ends: dict[tuple[str, int], LogPosition] = {}
        dead: list[DeadLetter] = []
        for record in records:
            log_id = record.topic, record.partition
            starts.setdefault(log_id, LogBeginning(*log_id, record.offset, record.timestamp))
            ends[log_id] = LogPosition(*log_id, record.offset + 1, record.timestamp)
            EVENTS_CONSUMED.labels(record.topic).inc()
            try:
                self._producers.check(record.topic, record.key, record.value, proof_among(record.headers))
                message = MESSAGES[record.topic].model_validate_json(record.value or b"")
            except (NotProven, ValidationError) as error:
                dead.append(DeadLetter(record.topic, record.partition, record.offset, describe(error)))
                DEAD_LETTERS.labels(record.topic).inc()
                log.error(
                    "search.dead_letter", topic=record.topic, offset=record.offset, reason=dead[-1].reason
                )
            else:
                heard.append(message.record())
        self._store.absorb(heard, ends.values(), dead, starts.values())

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
    stocks = (stock.facts(state.booked.get(stock.id, 0)) for stock in state.stocks)
    return document(state.venue.facts, state.offer.facts, stocks, horizon)
