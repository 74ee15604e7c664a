"""Best first: candidates are judged exactly, de-duplicated, and handed out in the right order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from search.domain.hits import Hit, Page
from search.domain.query import MAX_HITS
from search.engine.candidates import Candidate

_LOOKAHEAD = 1_000
"""Candidates held back at most while a smaller key might still come."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that answers: its true key, and how to show it."""

    key: float
    show: Callable[[], Hit]


Judge = Callable[[Candidate], Judged | None]


@dataclass(slots=True)
class Collector:
    """Hits `offset` … `offset + limit` of those walked, one per product."""

    offset: int
    limit: int
    count: int = 0
    hits: list[Hit] = field(default_factory=list)
    _products: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """One hit beyond the page has been seen, or the last one anybody may page to."""
        return self.count > self.offset + self.limit or self.count >= MAX_HITS

    def walk(self, candidates: Iterable[Candidate], judge: Judge) -> None:
        """Take hits until full. `candidates` come by growing key, a lower bound of the judged key."""
        waiting: list[tuple[float, int, int, Judged]] = []
        for order, candidate in enumerate(candidates):
            while waiting and (waiting[0][0] <= candidate.key or len(waiting) >= _LOOKAHEAD):
                self._take(*heappop(waiting)[2:])
                if self.full:
                    return
            if candidate.product not in self._products and (judged := judge(candidate)) is not None:
                heappush(waiting, (judged.key, order, candidate.product, judged))
        while waiting and not self.full:
            self._take(*heappop(waiting)[2:])

    def page(self) -> Page:
        end = self.offset + self.limit
        return Page(self.hits, has_next=self.count > end and end < MAX_HITS)

    def _take(self, product: int, judged: Judged) -> None:
        if product in self._products:
            return
        self._products.add(product)
        if self.offset <= self.count < self.offset + self.limit:
            self.hits.append(judged.show())
        self.count += 1
