"""What one replica of search is made of while it runs."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from prometheus_client import Gauge, Histogram

from chassis.clock import Clock, SystemClock
from search.consumers.indexer import Indexer
from search.consumers.reader import Reader
from search.domain.hits import Page
from search.domain.query import SearchQuery
from search.engine.interface import SearchEngine
from search.engine.tantivy_engine import TantivyEngine
from search.settings import SearchSettings
from search.state.store import Store

_LATENCY = Histogram(
    "search_seconds",
    "Time a search took in the engine",
    ["sort", "text"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)
_DOCUMENTS = Gauge("search_documents", "Offers in the index")


@dataclass(slots=True)
class SearchRuntime:
    """The engine, what feeds it, and the threads both run on: searches let go of the interpreter's lock."""

    settings: SearchSettings
    clock: Clock
    engine: SearchEngine
    reader: Reader
    _store: Store
    _searching: ThreadPoolExecutor
    _writing: ThreadPoolExecutor

    @classmethod
    def build(cls, settings: SearchSettings, clock: Clock | None = None) -> Self:
        """Open state and index, making anew what is lost. Raises IndexInUse."""
        clock = clock or SystemClock()
        engine = TantivyEngine(
            settings.index_dir / "index", writer_bytes=settings.writer_megabytes * 1_000_000
        )
        store = Store(settings.index_dir / "state.sqlite3")
        indexer = Indexer(store, engine, settings.producers(), keep_lapsed=settings.time_travel)
        writing = ThreadPoolExecutor(1, thread_name_prefix="index")
        _DOCUMENTS.set_function(engine.count)
        return cls(
            settings=settings,
            clock=clock,
            engine=engine,
            reader=Reader(indexer, settings, clock, writing),
            _store=store,
            _searching=ThreadPoolExecutor(settings.threads, thread_name_prefix="search"),
            _writing=writing,
        )

    async def search(self, query: SearchQuery) -> Page:
        """One page of hits, found on one of the search threads."""
        return await asyncio.get_running_loop().run_in_executor(self._searching, self._timed, query)

    def _timed(self, query: SearchQuery) -> Page:
        started = time.perf_counter()
        page = self.engine.search(query)
        _LATENCY.labels(query.sort.value, bool(query.text)).observe(time.perf_counter() - started)
        return page

    async def caught_up(self) -> str | None:
        """The readiness check: None once all that was in the topics at the start can be found."""
        return None if self.reader.ready.is_set() else "the topics are not read to their end yet"

    async def close(self) -> None:
        """Finish the write in progress and let go of files and locks."""
        for threads in (self._searching, self._writing):
            await asyncio.to_thread(threads.shutdown)
        self._store.close()
        self.engine.close()
