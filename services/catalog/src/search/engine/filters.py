"""Filters as Tantivy clauses that score nothing.

They may let a little too much through, never too little: what passes is judged again on the
exact slots. (Price and date are each satisfied by some slot here; the judgement wants one slot
for both.)
"""

from tantivy import FieldType, Occur, Query

from search.domain.geography import Position
from search.domain.instants import DAY_US, SECOND_US, microseconds
from search.domain.matching import newest_since_us
from search.domain.query import Filters, SearchQuery
from search.engine.cells import cover
from search.engine.schema import DUO, NOWHERE, ONLINE, schema

Clause = tuple[Occur, Query]

_MANY_DAYS = 60
"""Beyond as many days, naming each one costs more than scanning the dates."""


def filter_clauses(query: SearchQuery) -> list[Clause]:
    """All filters but the place."""
    now_us = microseconds(query.now)
    filters = query.filters
    clauses = [_must(Query.range_query(schema(), "lapses", FieldType.Integer, now_us // SECOND_US))]
    if filters.subcategories or filters.search_groups:
        clauses.append(_must(_any_facet(filters)))
    if kinds := filters.kinds:
        clauses.append(_must(Query.term_set_query(schema(), "kind", sorted(kinds))))
    if filters.duo:
        clauses.append(_must(_kind(DUO)))
    if not filters.digital:
        clauses.append((Occur.MustNot, _kind(ONLINE)))
    low, high = filters.price_range
    if low or high is not None:
        clauses.append(_must(Query.range_query(schema(), "price", FieldType.Unsigned, low, high)))
    if filters.dates_from is not None or filters.dates_until is not None:
        clauses.append(_must(_days(filters, now_us)))
    if filters.hours is not None:
        clauses.append(_must(Query.term_set_query(schema(), "hour", filters.hours.whole_hours())))
    if filters.newest:
        oldest_s = newest_since_us(now_us) // SECOND_US
        clauses.append(_must(Query.range_query(schema(), "newest", FieldType.Integer, oldest_s)))
    return clauses


def around(position: Position, radius_km: float, *, digital: bool) -> list[Clause]:
    """Offers with a place in the cover of the disc; digital ones too, wherever one is."""
    cells = cover(position, radius_km)
    if cells is None:
        return [] if digital else [(Occur.MustNot, _kind(NOWHERE))]
    place = Query.term_set_query(schema(), "cell", list(cells))
    if digital:
        place = Query.boolean_query([(Occur.Should, place), (Occur.Should, _kind(ONLINE))])
    return [_must(place)]


def nowhere(*, only_digital: bool) -> list[Clause]:
    """Offers without a place."""
    clauses = [_must(_kind(NOWHERE))]
    return [*clauses, _must(_kind(ONLINE))] if only_digital else clauses


def somewhere() -> list[Clause]:
    """Offers with a place."""
    return [(Occur.MustNot, _kind(NOWHERE))]


def _must(query: Query) -> Clause:
    return Occur.Must, Query.const_score_query(query, 0.0)


def _kind(kind: str) -> Query:
    return Query.term_query(schema(), "kind", kind, index_option="basic")


def _any_facet(filters: Filters) -> Query:
    return Query.boolean_query(
        [
            (Occur.Should, Query.term_set_query(schema(), field, sorted(values)))
            for field, values in (("subcategory", filters.subcategories), ("group", filters.search_groups))
            if values
        ]
    )


def _days(filters: Filters, now_us: int) -> Query:
    """Days (UTC) the range touches; an open end at the front begins now, as the past is not bookable."""
    first = max(now_us, microseconds(filters.dates_from)) if filters.dates_from else now_us
    last = microseconds(filters.dates_until) if filters.dates_until else None
    if last is not None and (last - first) // DAY_US < _MANY_DAYS:
        days = range(first // DAY_US, last // DAY_US + 1)
        return Query.term_set_query(schema(), "day", list(days)) if days else Query.empty_query()
    return Query.range_query(
        schema(),
        "day",
        FieldType.Unsigned,
        first // DAY_US,
        None if last is None else last // DAY_US,
        use_inverted_index=True,
    )
