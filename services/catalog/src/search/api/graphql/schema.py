"""`searchOffers`: anybody may search, signed in or not."""

from dataclasses import replace
from hashlib import blake2b
from typing import Any

import strawberry

from chassis.cursors import Window
from chassis.graphql import (
    After,
    ApiError,
    Before,
    Connection,
    ErrorCode,
    First,
    Info,
    Last,
    build_schema,
    connection_of,
    window,
)
from chassis.graphql.schema import Subgraph
from search.api.graphql.glossary import GLOSSARY
from search.api.graphql.types import SearchFilters, SearchHit, SearchNear
from search.domain.hits import Place
from search.domain.query import Filters, InvalidSearch, SearchQuery, Sort
from search.runtime import SearchRuntime


async def search_offers(
    info: Info,
    query: str = "",
    near: SearchNear | None = None,
    filters: SearchFilters | None = None,
    sort: Sort = Sort.RELEVANCE,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[SearchHit]:
    """One page of hits. Raises ApiError BAD_INPUT."""
    runtime: SearchRuntime = info.context.runtime
    part = window(first, after, last, before, int, float, int, str)
    try:
        asked = SearchQuery(
            now=info.context.now,
            text=query,
            near=near.near() if near else None,
            filters=filters.filters() if filters else Filters(),
            sort=sort,
            limit=part.size,
            from_end=part.from_end,
        )
        asked = _between(asked, part)
    except InvalidSearch as invalid:
        raise ApiError(ErrorCode.BAD_INPUT, invalid.message) from None
    page, mark = await runtime.search(asked), _fingerprint(asked)
    return connection_of(
        page.hits, part, more=page.has_more, node=SearchHit.of, keys=lambda hit: [*hit.place, mark]
    )


@strawberry.type
class Query:
    search_offers: Connection[SearchHit] | None = strawberry.field(
        resolver=search_offers,
        description="Bookable offers, one per book or film, at most 1 000. The last word typed counts as a prefix.",
    )


def _between(asked: SearchQuery, part: Window) -> SearchQuery:
    """The search between the places of two cursors. A cursor is only good for the search that gave it."""
    mark = _fingerprint(asked)

    def place(name: str, keys: tuple[Any, ...] | None) -> Place | None:
        if keys is None:
            return None
        if keys[-1] != mark:
            raise InvalidSearch(name, "vient d'une autre recherche")
        return Place(*keys[:-1])

    return replace(asked, after=place("after", part.after), before=place("before", part.before))


def _fingerprint(asked: SearchQuery) -> str:
    filters = asked.filters
    facets = sorted(filters.subcategories), sorted(filters.search_groups)
    rest = replace(filters, subcategories=frozenset(), search_groups=frozenset())
    asked_for = repr((asked.text, asked.near, facets, rest, asked.sort))
    return blake2b(asked_for.encode(), digest_size=6).hexdigest()


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(Query, introspection=introspection, glossary=GLOSSARY, ids={})
