"""Best first: candidates are judged exactly, de-duplicated, and handed out in the right order."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from search.domain.hits import Hit, Page, Place
from search.domain.query import MAX_HITS, SearchQuery
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
    """The hits of a query's page, one per product: the first or the last `limit` between two places.

    Every walk begins at the beginning: a product that stands before the page is none of its hits, and neither
    is the very one of `after` or `before`, should its relevance have changed a little meanwhile. So a page from
    the end costs what paging to it would, and no hit is shown that is not on it.
    """

    query: SearchQuery
    count: int = 0
    has_more: bool = False
    _page: deque[Judged] = field(default_factory=deque)
    _is_over: bool = False
    _products: set[int] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """What lies behind the page has been seen, or the last hit anybody may page to."""
        return self._is_over or self.count >= MAX_HITS

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
        return Page([judged.show() for judged in self._page], has_more=self.has_more)

    def _take(self, judged: Judged) -> None:
        place, before = judged.place, self.query.before
        if place.product in self._products:
            return
        if before is not None and place >= before:
            self._is_over = True
            return
        self._products.add(place.product)
        self.count += 1
        if self._bounds(place):
            return
        if len(self._page) == self.query.limit:
            self.has_more = True
            if not self.query.from_end:
                self._is_over = True
                return
            self._page.popleft()
        self._page.append(judged)

    def _bounds(self, place: Place) -> bool:
        """Whether it stands before the page, or is one of the two products that bound it."""
        after, before = self.query.after, self.query.before
        if after is not None and (place <= after or place.product == after.product):
            return True
        return before is not None and place.product == before.product
