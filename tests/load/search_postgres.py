"""The same searches by PostgreSQL: one table of offers, one of stocks, every index that helps.

Full text: `tsvector` (French, accents folded, weights A–D) with GIN; slips: `pg_trgm`. Place: a btree on
(latitude, longitude) for the box around the disc, then haversine. Price, dates and hours: EXISTS on
one stock. The best 300 by score, de-duplicated by product, 20 of them. Digital offers by their own
partial index. What it does not do: a prefix for the last word, slips only where nothing was found.
"""

from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any

import asyncpg

from search.domain.document import Document
from search.domain.geography import EARTH_RADIUS_KM, Position
from search.domain.instants import from_microseconds
from search.domain.query import SearchQuery, Sort

_TABLES = """
CREATE EXTENSION unaccent;
CREATE EXTENSION pg_trgm;
CREATE TEXT SEARCH CONFIGURATION fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TABLE offers (
    id int PRIMARY KEY, product text NOT NULL, name text NOT NULL, artist text NOT NULL, venue text NOT NULL,
    description text NOT NULL, search_group text, is_event bool NOT NULL, is_digital bool NOT NULL,
    quality real NOT NULL, min_price int NOT NULL, first_start timestamptz, opens timestamptz NOT NULL,
    lapses timestamptz NOT NULL, latitude float8, longitude float8,
    words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('fr', name), 'A') || setweight(to_tsvector('fr', venue), 'B')
        || setweight(to_tsvector('fr', description), 'C') || setweight(to_tsvector('fr', artist), 'D')
    ) STORED
);
CREATE TABLE stocks (
    offer_id int NOT NULL, price int NOT NULL, created timestamptz NOT NULL, starts timestamptz,
    lapses timestamptz NOT NULL, local_seconds int
);
"""

_INDEXES = """
CREATE INDEX ON offers USING gin (words);
CREATE INDEX ON offers USING gin (name gin_trgm_ops);
CREATE INDEX ON offers (latitude, longitude) INCLUDE (search_group);
CREATE INDEX ON offers (quality DESC);
CREATE INDEX ON offers (quality DESC) WHERE is_digital;
CREATE INDEX ON stocks (offer_id, starts);
ANALYZE;
"""

_BEST = 300


async def load(connection: asyncpg.Connection, documents: Iterable[Document]) -> None:
    """Create the tables, copy everything in, then build the indexes."""
    await connection.execute(_TABLES)
    offers: list[tuple[Any, ...]] = []
    stocks: list[tuple[Any, ...]] = []
    for number, found in enumerate(documents):
        offers.append(_offer(number, found))
        stocks.extend(
            (
                number,
                slot.price_cents,
                from_microseconds(slot.created_us),
                _instant(slot.starts_us),
                _lapses(slot.lapses_us),
                slot.local_seconds,
            )
            for slot in found.slots
        )
    await connection.copy_records_to_table("offers", records=offers, columns=_COLUMNS)
    await connection.copy_records_to_table("stocks", records=stocks)
    await connection.execute(_INDEXES)


async def search(connection: asyncpg.Connection, query: SearchQuery) -> Sequence[asyncpg.Record]:
    """One page; a second try with slips allowed where nothing was found."""
    hits = await _page(connection, query, slips=False)
    if not hits and query.text:
        hits = await _page(connection, query, slips=True)
    return hits


async def _page(
    connection: asyncpg.Connection, query: SearchQuery, *, slips: bool
) -> Sequence[asyncpg.Record]:
    statement, values = _statement(query, slips=slips)
    hits: Sequence[asyncpg.Record] = await connection.fetch(statement, *values)
    return hits


_COLUMNS = (
    "id", "product", "name", "artist", "venue", "description", "search_group", "is_event", "is_digital",
    "quality", "min_price", "first_start", "opens", "lapses", "latitude", "longitude",
)  # fmt: skip


def _offer(number: int, found: Document) -> tuple[Any, ...]:
    starts = [slot.starts_us for slot in found.slots if slot.starts_us is not None]
    return (
        number,
        found.product_key,
        found.name,
        found.artist,
        found.venue_name,
        found.description,
        found.search_group,
        found.is_event,
        found.is_digital,
        found.ranking_weight / (found.ranking_weight + 10),
        min(slot.price_cents for slot in found.slots),
        _instant(min(starts, default=None)),
        from_microseconds(found.opens_us),
        _lapses(found.lapses_us),
        found.position.latitude if found.position else None,
        found.position.longitude if found.position else None,
    )


def _instant(value: int | None) -> Any:
    return None if value is None else from_microseconds(value)


def _lapses(value: int | None) -> Any:
    return from_microseconds(2**52) if value is None else from_microseconds(value)


class _Values:
    """The parameters of a statement, each used any number of times by its place."""

    def __init__(self) -> None:
        self.all: list[Any] = []

    def __call__(self, value: Any) -> str:
        self.all.append(value)
        return f"${len(self.all)}"


def _statement(query: SearchQuery, *, slips: bool) -> tuple[str, list[Any]]:
    value = _Values()
    now = value(query.now)
    filters = query.filters
    where = [f"o.lapses > {now}", f"o.opens <= {now}", _stock(query, value, now)]
    score = "o.quality * 0.15"
    away = "NULL::float8"
    if query.text and slips:
        text = value(query.text)
        where.append(f"{text} <% o.name")
        score += f" + 0.6 * word_similarity({text}, o.name)"
    elif query.text:
        text = f"plainto_tsquery('fr', {value(query.text)})"
        where.append(f"o.words @@ {text}")
        score += f" + 0.6 * ts_rank(o.words, {text})"
    if query.near is not None:
        away = _haversine(query.near.position, value)
        if query.near.radius_km is not None:
            where.append(_around(query.near.position, query.near.radius_km, away, value))
        score += f" + 0.25 * coalesce(10 / (10 + {away}), 0)"
    if filters.search_groups:
        where.append(f"o.search_group = ANY({value(sorted(filters.search_groups))})")
    if filters.kinds == {"event"}:
        where.append("o.is_event")
    order = {
        Sort.RELEVANCE: f"({score}) DESC",
        Sort.DISTANCE: f"{away} NULLS LAST",
        Sort.PRICE: "o.min_price",
        Sort.DATE: "o.first_start NULLS LAST",
    }[query.sort]
    return (
        f"SELECT * FROM (SELECT DISTINCT ON (product) * FROM (SELECT o.id, o.product, o.name, o.venue,"
        f" row_number() OVER (ORDER BY {order}) AS place FROM offers o WHERE {' AND '.join(where)}"
        f" ORDER BY {order} LIMIT {_BEST}) best ORDER BY product, place) one ORDER BY place LIMIT {query.limit}",
        value.all,
    )


def _stock(query: SearchQuery, value: _Values, now: str) -> str:
    filters = query.filters
    wanted = ["s.offer_id = o.id", f"s.lapses > {now}"]
    if filters.max_price_cents is not None:
        wanted.append(f"s.price <= {value(filters.max_price_cents)}")
    if filters.dates_from is not None:
        wanted.append(f"s.starts >= {value(filters.dates_from)}")
    if filters.dates_until is not None:
        wanted.append(f"s.starts <= {value(filters.dates_until)}")
    if filters.hours is not None:
        first, last = (moment.hour * 3600 for moment in (filters.hours.start, filters.hours.end))
        wanted.append(f"s.local_seconds BETWEEN {value(first)} AND {value(last)}")
    return f"EXISTS (SELECT FROM stocks s WHERE {' AND '.join(wanted)})"


def _haversine(here: Position, value: _Values) -> str:
    latitude, longitude = value(here.latitude), value(here.longitude)
    return (
        f"{2 * EARTH_RADIUS_KM} * asin(sqrt(sin(radians(o.latitude - {latitude}) / 2) ^ 2"
        f" + cos(radians({latitude})) * cos(radians(o.latitude))"
        f" * sin(radians(o.longitude - {longitude}) / 2) ^ 2))"
    )


def _around(here: Position, radius_km: float, away: str, value: _Values) -> str:
    tall = radius_km / 111.0
    wide = tall / cos(radians(here.latitude))
    box = (
        f"o.latitude BETWEEN {value(here.latitude - tall)} AND {value(here.latitude + tall)}"
        f" AND o.longitude BETWEEN {value(here.longitude - wide)} AND {value(here.longitude + wide)}"
    )
    return f"(({box} AND {away} <= {value(radius_km)}) OR o.is_digital)"
