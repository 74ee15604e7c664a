"""Tantivy with H3, inside the process: an index directory, one writer, any number of readers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from tantivy import DocAddress, Index, IndexWriter, Query, Searcher

from search.domain.document import Slot, prices_cents, starts
from search.domain.geography import CENTRE_OF_FRANCE
from search.domain.hits import Hit, Page, Place
from search.domain.matching import SlotMatcher
from search.domain.query import SearchQuery, Sort
from search.engine import analysis
from search.engine.candidates import Candidate, Candidates
from search.engine.encoding import Stored, decode, encode
from search.engine.interface import Change
from search.engine.keywords import Readings
from search.engine.schema import FORMAT, NEVER_S, schema
from search.engine.walk import Collector, Judged

_GENERATION = "generation"
_WRITER_BYTES = 64_000_000


class IndexInUse(Exception):
    """Another process writes to this index directory."""


class TantivyEngine:
    """See `interface.SearchEngine`."""

    def __init__(self, directory: Path, *, writer_bytes: int = _WRITER_BYTES) -> None:
        """Open the index, or begin an empty one where there is none that can be read.

        Raises IndexInUse.
        """
        self._directory = directory
        if not self._is_readable():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            self._renew_generation()
        self._index = Index(schema(), path=str(directory))
        self._index.config_reader("manual")
        analysis.register(self._index)
        self._writer = self._lock(writer_bytes)
        self._index.reload()

    def _is_readable(self) -> bool:
        if not self.generation.startswith(f"{FORMAT}-"):
            return False
        try:
            Index(schema(), path=str(self._directory))
        except (ValueError, OSError):
            return False
        return True

    def _lock(self, writer_bytes: int) -> IndexWriter:
        try:
            return self._index.writer(heap_size=writer_bytes, num_threads=1)
        except ValueError as error:
            raise IndexInUse(f"{self._directory} is written by another process: {str(error)[:60]}") from error

    @property
    def generation(self) -> str:
        try:
            return (self._directory / _GENERATION).read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def _renew_generation(self) -> None:
        (self._directory / _GENERATION).write_text(f"{FORMAT}-{uuid4().hex}", encoding="ascii")

    def search(self, query: SearchQuery) -> Page:
        searcher = self._index.searcher()
        candidates, judge = Candidates(searcher, query), _Judge(searcher, query)
        collector = Collector(query)
        readings = Readings(query.text)
        if readings.is_empty:
            collector.walk(candidates(None), judge)
            return collector.page()
        # By relevance, exact readings come before forgiving ones on the same list. Another sort
        # must not be interrupted: it keeps to the first reading that finds anything.
        for forgiveness, reading in enumerate(readings):
            wanted = not collector.count if query.sort is not Sort.RELEVANCE or forgiveness == 2 else True
            if wanted and not collector.full:
                collector.walk(candidates(reading, forgiveness), judge)
        return collector.page()

    def apply(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        # By query: a deletion by term is silently without effect on some field types.
        ids = [change.offer_id for change in changes]
        self._writer.delete_documents_by_query(Query.term_set_query(schema(), "offer_id", ids))
        for document in {change.offer_id: change.document for change in changes}.values():
            if document is not None:
                self._writer.add_document(encode(document))
        self._writer.commit()
        self._index.reload()

    def rebuild(self) -> None:
        # First the new name: a crash in between is then seen as an index that must be fed.
        self._renew_generation()
        self._writer.delete_all_documents()
        self._writer.commit()
        self._index.reload()

    def count(self) -> int:
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        self._writer.wait_merging_threads()


class _Judge:
    """The exact verdict on a candidate, from the facts stored with it."""

    def __init__(self, searcher: Searcher, query: SearchQuery) -> None:
        self._searcher = searcher
        self._sort = query.sort
        self._matching = SlotMatcher(query)

    def __call__(self, candidate: Candidate) -> Judged | None:
        stored = self._load(candidate.address)
        slots = self._matching(stored.opens_us, stored.slots)
        if not slots:
            return None
        place = candidate.place._replace(key=self._key(candidate, slots))
        return Judged(place, lambda: _show(stored, slots, candidate.distance_km, place))

    def _load(self, address: DocAddress) -> Stored:
        body: bytes = self._searcher.doc(address)["body"][0]
        return decode(body)

    def _key(self, candidate: Candidate, slots: list[Slot]) -> float:
        if self._sort is Sort.PRICE:
            return float(min(slot.price_cents for slot in slots))
        if self._sort is Sort.DATE:
            dated = [slot.starts_us for slot in slots if slot.starts_us is not None]
            return min(dated) / 1_000_000 if dated else float(NEVER_S)
        return candidate.place.key


def _show(stored: Stored, slots: list[Slot], distance_km: float | None, place: Place) -> Hit:
    return Hit(
        offer_id=stored.offer_id,
        name=stored.name,
        venue_name=stored.venue_name,
        city=stored.city,
        timezone=stored.timezone,
        subcategory_id=stored.subcategory_id,
        search_group=stored.search_group,
        is_duo=stored.is_duo,
        is_digital=stored.is_digital,
        map_position=stored.position or CENTRE_OF_FRANCE,
        distance_km=distance_km,
        prices_cents=prices_cents(slots),
        dates=starts(slots),
        place=place,
    )
