"""What might answer a query, in growing order of a sort key, no more of it than asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import cast

import numpy as np
from tantivy import DocAddress, Occur, Order, Query, Searcher

from search.domain.hits import Place
from search.domain.instants import SECOND_US, microseconds
from search.domain.query import SearchQuery, Sort
from search.engine.encoding import editorial_shares
from search.engine.filters import Clause, around, filter_clauses, nowhere, somewhere
from search.engine.ranking import Floats, distances_km, relevance

_TIERS = ((0, 1_000), (1_000, 3_000), (4_000, 12_000))
"""(offset, size): hits are ranked within a tier and tiers follow one another, so that every page
sees the same order however deep it lies."""

_NOWHERE_KM = 1e6
"""Offers without a place come after all that have one."""

_FIRST_RING_KM = 0.5
_RING_CAP = 10_000
"""Of more offers than that in one ring, the editors' and the newest are kept."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`place` is where it stands, or before that where only the slots say."""

    place: Place
    address: DocAddress
    distance_km: float | None


class Candidates:
    """The candidates of one query on one snapshot of the index."""

    def __init__(self, searcher: Searcher, query: SearchQuery) -> None:
        self._searcher = searcher
        self._query = query
        self._clauses = filter_clauses(query)
        self._rank = 0

    def __call__(self, text: Query | None, reading: int = 0) -> Iterator[Candidate]:
        """Candidates for the `reading`th reading of the text, in the order of the query's sort."""
        self._rank = reading * len(_TIERS)
        match self._query.sort:
            case Sort.RELEVANCE:
                return self._by_relevance(text)
            case Sort.DISTANCE:
                return self._by_distance(text)
            case Sort.PRICE:
                return self._by_field(text, "min_price", float(self._query.filters.price_range[0]))
            case Sort.DATE:
                since = self._query.filters.dates_from
                return self._by_field(text, "first_start", microseconds(since) / SECOND_US if since else -inf)

    def _by_relevance(self, text: Query | None) -> Iterator[Candidate]:
        order = None if text is not None else "quality"
        matching = self._matching(text, self._around())
        best = 0.0
        for offset, size in _TIERS:
            found = self._searcher.search(
                matching, limit=size, offset=offset, count=False, order_by_field=order
            ).hits
            addresses = [address for _, address in found]
            text_score = np.array([score if text is not None else 0.0 for score, _ in found], dtype=float)
            best = max(best, float(text_score.max(initial=0.0)))
            distance = self._distances(addresses)
            editorial = editorial_shares(self._values("quality", addresses))
            keys = -relevance(text_score, best, editorial, distance)
            yield from self._ordered(keys, addresses, distance)
            self._rank += 1
            if len(found) < size:
                return

    def _by_field(self, text: Query | None, field: str, lowest: float) -> Iterator[Candidate]:
        matching = self._matching(text, self._around())
        keys, addresses = np.array([]), list[DocAddress]()
        for offset, size in _TIERS:
            found = self._searcher.search(
                matching, limit=size, offset=offset, count=False, order_by_field=field, order=Order.Asc
            ).hits
            values = np.array([value for value, _ in found], dtype=float)
            keys = np.concatenate([keys, np.maximum(values, lowest)])
            addresses += [address for _, address in found]
            is_last = len(found) < size
            # The equals of the last one may go on in the next tier: they are put in order together.
            ready = len(keys) if is_last else int(np.searchsorted(keys, keys[-1]))
            yield from self._ordered(keys[:ready], addresses[:ready], self._distances(addresses[:ready]))
            keys, addresses = keys[ready:], addresses[ready:]
            if is_last:
                return
        yield from self._ordered(keys, addresses, self._distances(addresses))

    def _by_distance(self, text: Query | None) -> Iterator[Candidate]:
        near = self._query.near
        if near is None:
            return
        limit = inf if near.radius_km is None else near.radius_km
        inner, outer = -1.0, min(_FIRST_RING_KM, limit)
        while inner < limit:
            place = somewhere() if outer == inf else around(near.position, outer, digital=False)
            addresses = self._best(self._matching(text, place))
            distance = self._distances(addresses)
            if distance is not None:
                ring = np.where((distance > inner) & (distance <= outer), distance, np.nan)
                yield from self._ordered(ring, addresses, distance)
            inner, outer = outer, _next_ring(outer, limit, found=len(addresses))
        if self._query.filters.digital or near.radius_km is None:
            addresses = self._best(self._matching(text, nowhere(only_digital=near.radius_km is not None)))
            yield from self._ordered(np.full(len(addresses), _NOWHERE_KM), addresses, None)

    def _best(self, matching: Query) -> list[DocAddress]:
        found = self._searcher.search(matching, limit=_RING_CAP, count=False, order_by_field="quality").hits
        return [address for _, address in found]

    def _matching(self, text: Query | None, place: Sequence[Clause]) -> Query:
        wanted = [] if text is None else [(Occur.Must, text)]
        return Query.boolean_query([*wanted, *self._clauses, *place])

    def _around(self) -> list[Clause]:
        near = self._query.near
        if near is None or near.radius_km is None:
            return []
        return around(near.position, near.radius_km, digital=self._query.filters.digital)

    def _values(self, field: str, addresses: list[DocAddress]) -> list[int]:
        """Of an unsigned field that every document has."""
        return cast("list[int]", self._searcher.fast_field_values(field, addresses))

    def _distances(self, addresses: list[DocAddress]) -> Floats | None:
        """Kilometres to each; NaN without a place. None without a position to measure from."""
        if self._query.near is None:
            return None
        latitudes = self._searcher.fast_field_values("latitude", addresses)
        longitudes = self._searcher.fast_field_values("longitude", addresses)
        return distances_km(self._query.near.position, latitudes, longitudes)

    def _ordered(
        self, keys: Floats, addresses: list[DocAddress], distance: Floats | None
    ) -> Iterator[Candidate]:
        """By place; NaN keys and what the cover let in beyond the radius are left out."""
        radius = self._query.near.radius_km if self._query.near else None
        products = self._values("product", addresses)
        away = None if distance is None else distance.tolist()
        for position in np.lexsort((np.array(products, dtype=np.int64), keys)).tolist():
            key = float(keys[position])
            if key != key:
                return
            kilometres = None if away is None or away[position] != away[position] else away[position]
            if radius is not None and kilometres is not None and kilometres > radius:
                continue
            yield Candidate(Place(self._rank, key, products[position]), addresses[position], kilometres)


def _next_ring(outer: float, limit: float, *, found: int) -> float:
    if outer >= 2_000:
        return limit
    return min(outer * (2 if found else 4), limit)
