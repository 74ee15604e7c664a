"""Reading and writing the state. One thread at a time; every method is one transaction."""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from search.state import tables
from search.state.records import (
    TABLE_OF,
    OfferRecord,
    Record,
    StockRecord,
    VenueRecord,
    columns,
)

R = TypeVar("R", VenueRecord, OfferRecord, StockRecord)

_UPSERT = {record: tables.upsert(table, columns(record)) for record, table in TABLE_OF.items()}
_VALUES = {record: attrgetter(*columns(record)) for record in TABLE_OF}


@dataclass(frozen=True, slots=True)
class LogPosition:
    """Where to read on in a partition. `last_timestamp_ms` is that of the record just before: it
    tells whether the log is still the one that was read."""

    topic: str
    partition: int
    next_offset: int
    last_timestamp_ms: int


@dataclass(frozen=True, slots=True)
class LogBeginning:
    """The first record that a partition still has. Compaction may take it away, and leave a later one; another log
    alone has another record at its place, or an earlier one."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int

    def is_of_another_log(self, known: "LogBeginning") -> bool:
        """Whether the log that began with `known` has been replaced by the one that begins here."""
        if self.offset == known.offset:
            return self.timestamp_ms != known.timestamp_ms
        return self.offset < known.offset


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message nobody can read; `reason` holds none of its values."""

    topic: str
    partition: int
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class OfferState:
    """All that was heard about one offer. `venue` None: not heard of yet; `booked` places by stock."""

    offer: OfferRecord
    venue: VenueRecord | None
    stocks: Sequence[StockRecord]
    booked: Mapping[str, int]


class Store:
    """The state file; made anew when it is missing, of another format or unreadable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError:
            _remove(path)
            self._connection = _open(path)

    def close(self) -> None:
        self._connection.close()

    def absorb(
        self,
        heard: Iterable[Record],
        positions: Iterable[LogPosition] = (),
        dead_letters: Iterable[DeadLetter] = (),
        beginnings: Iterable[LogBeginning] = (),
    ) -> None:
        """Keep what was heard, and how far that brings us; older versions are ignored.

        `beginnings` are those of partitions that had none before: the others keep theirs.
        """
        by_kind: dict[type[Record], list[Record]] = {}
        for record in heard:
            by_kind.setdefault(type(record), []).append(record)
        with self._transaction() as connection:
            for kind, records in by_kind.items():
                connection.executemany(_UPSERT[kind], map(_VALUES[kind], records))
            connection.executemany(
                "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?)",
                [(p.topic, p.partition, p.next_offset, p.last_timestamp_ms) for p in positions],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?)",
                [(d.topic, d.partition, d.offset, d.reason) for d in dead_letters],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO beginnings VALUES (?, ?, ?, ?)",
                [(b.topic, b.partition, b.offset, b.timestamp_ms) for b in beginnings],
            )

    def positions(self) -> list[LogPosition]:
        return [LogPosition(*row) for row in self._connection.execute("SELECT * FROM positions")]

    def begin(self, found: Iterable[LogBeginning]) -> list[LogBeginning]:
        """How the partitions begin now. The position in a log that has been replaced is forgotten; which were."""
        known = {
            (row[0], row[1]): LogBeginning(*row)
            for row in self._connection.execute("SELECT * FROM beginnings")
        }
        news = [each for each in found if known.get((each.topic, each.partition)) != each]
        replaced = [
            each
            for each in news
            if (before := known.get((each.topic, each.partition))) and each.is_of_another_log(before)
        ]
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO beginnings VALUES (?, ?, ?, ?)",
                [(b.topic, b.partition, b.offset, b.timestamp_ms) for b in news],
            )
            connection.executemany(
                "DELETE FROM positions WHERE topic = ? AND partition = ?",
                [(b.topic, b.partition) for b in replaced],
            )
        return replaced

    def pending(self, limit: int) -> list[str]:
        """Ids of up to `limit` offers whose documents may be out of date."""
        rows = self._connection.execute("SELECT offer_id FROM pending LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def pending_count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM pending").fetchone()[0])

    def offers(self, ids: Sequence[str]) -> dict[str, OfferState]:
        """What is known of these offers, by id; those never heard of are missing."""
        offers = self._records(OfferRecord, "id", ids)
        venue_ids = sorted({offer.venue_id for offer in offers})
        venues = {venue.id: venue for venue in self._records(VenueRecord, "id", venue_ids)}
        stocks: dict[str, list[StockRecord]] = {}
        for stock in self._records(StockRecord, "offer_id", ids):
            stocks.setdefault(stock.offer_id, []).append(stock)
        booked: dict[str, dict[str, int]] = {}
        for offer_id, stock_id, places in self._connection.execute(
            "SELECT offer_id, id, booked FROM availabilities"
            " WHERE offer_id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        ):
            booked.setdefault(offer_id, {})[stock_id] = places
        return {
            offer.id: OfferState(
                offer, venues.get(offer.venue_id), stocks.get(offer.id, ()), booked.get(offer.id, {})
            )
            for offer in offers
        }

    def settle(self, lapses: Mapping[str, int | None]) -> None:
        """These offers are in the index as they should be, until the instant at which one lapses."""
        with self._transaction() as connection:
            ids = [(offer_id,) for offer_id in lapses]
            connection.executemany("DELETE FROM pending WHERE offer_id = ?", ids)
            connection.executemany("DELETE FROM lapses WHERE offer_id = ?", ids)
            connection.executemany(
                "INSERT INTO lapses VALUES (?, ?)", [(k, us) for k, us in lapses.items() if us is not None]
            )

    def mark_lapsed(self, now_us: int) -> int:
        """Offers of which a stock lapsed at or before `now_us` become pending; how many."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO pending SELECT offer_id FROM lapses WHERE next_us <= ?", (now_us,)
            )
            return connection.execute("DELETE FROM lapses WHERE next_us <= ?", (now_us,)).rowcount

    def fed_index(self) -> str | None:
        """The generation of the index that was given everything that is not pending."""
        row = self._connection.execute("SELECT generation FROM fed_index").fetchone()
        return None if row is None else str(row[0])

    def feed_anew(self, generation: str) -> None:
        """Another index, and empty: every offer is pending."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM fed_index")
            connection.execute("DELETE FROM lapses")
            connection.execute("INSERT INTO fed_index VALUES (?)", (generation,))
            connection.execute("INSERT OR IGNORE INTO pending SELECT id FROM offers")

    def dead_letters(self) -> list[DeadLetter]:
        rows = self._connection.execute("SELECT * FROM dead_letters ORDER BY topic, partition, offset")
        return [DeadLetter(*row) for row in rows]

    def _records(self, record: type[R], column: str, wanted: Sequence[str]) -> list[R]:
        """The records whose `column` is one of `wanted`, by id."""
        statement = (
            f"SELECT {', '.join(columns(record))} FROM {TABLE_OF[record]}"  # noqa: S608 — names of ours only
            f" WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY id"
        )
        return [record(*row) for row in self._connection.execute(statement, (json.dumps(wanted),))]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def forget(directory: Path) -> None:
    """Delete state and index: the next start reads the topics from their beginning."""
    shutil.rmtree(directory, ignore_errors=True)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in (0, tables.FORMAT):
        connection.close()
        _remove(path)
        return _open(path)
    # Losing the last transactions to a power cut is harmless: their offsets go with them.
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;"
    )
    if found == 0:
        connection.executescript(
            f"BEGIN; {tables.SCHEMA} {tables.TRIGGERS} PRAGMA user_version = {tables.FORMAT}; COMMIT;"
        )
    return connection


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
