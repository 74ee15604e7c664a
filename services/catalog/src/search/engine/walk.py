"""Best first: candidates are judged exactly, de-duplicated, and handed out in the right order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from search.domain.hits import Hit, Page, Place
from search.domain.query import MAX_HITS
from search.engine.candidates import Candidate

_LOOKAHEAD = 1_000
"""Candidates held back at most while a smaller place might still come."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that answers: where it truly stands, and how to show it."""

    place: Place
    show: Callable[[], Hit]


Judge = Callable[[Candidate], Judged | None]


@dataclass(slots=True)
class Collector:
    """The first `limit` hits after the place `after`, one per product.

    Every walk begins at the beginning: a product that stands before the page is none of its hits, and neither
    is the very one of `after`, should its relevance have changed a little meanwhile.
    """

    after: Place | None
    limit: int
    count: int = 0
    hits: list[Hit] = field(default_factory=list)
    has_next: bool = False
    _products: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """One hit beyond the page has been seen, or the last one anybody may page to."""
        return self.has_next or self.count >= MAX_HITS

    def walk(self, candidates: Iterable[Candidate], judge: Judge) -> None:
        """Take hits until full. `candidates` come by growing place, a lower bound of the judged one."""
        waiting: list[tuple[Place, int, Judged]] = []
        for order, candidate in enumerate(candidates):
            while waiting and (waiting[0][0] <= candidate.place or len(waiting) >= _LOOKAHEAD):
                self._take(heappop(waiting)[2])
                if self.full:
                    return
            if candidate.place.product in self._products:
                continue
            if (judged := judge(candidate)) is not None:
                heappush(waiting, (judged.place, order, judged))
        while waiting and not self.full:
            self._take(heappop(waiting)[2])

    def page(self) -> Page:
        return Page(self.hits, has_next=self.has_next)

    def _take(self, judged: Judged) -> None:
        place = judged.place
        if place.product in self._products:
            return
        self._products.add(place.product)
        self.count += 1
        if self.after is not None and (place <= self.after or place.product == self.after.product):
            return
        if len(self.hits) < self.limit:
            self.hits.append(judged.show())
        else:
            self.has_next = True
