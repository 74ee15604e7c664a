"""`searchOffers`: anybody may search, signed in or not."""

from dataclasses import replace
from hashlib import blake2b

import strawberry

from chassis.cursors import encode_cursor
from chassis.graphql import ApiError, Connection, Edge, ErrorCode, Info, PageInfo, build_schema, decode_cursor
from chassis.graphql.schema import Subgraph
from search.api.graphql.glossary import GLOSSARY
from search.api.graphql.types import SearchFilters, SearchHit, SearchNear
from search.domain.hits import Page, Place
from search.domain.query import DEFAULT_PAGE, Filters, InvalidSearch, SearchQuery, Sort
from search.runtime import SearchRuntime


async def search_offers(
    info: Info,
    query: str = "",
    near: SearchNear | None = None,
    filters: SearchFilters | None = None,
    sort: Sort = Sort.RELEVANCE,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
) -> Connection[SearchHit]:
    """One page of hits. Raises ApiError BAD_INPUT."""
    runtime: SearchRuntime = info.context.runtime
    try:
        asked = SearchQuery(
            now=info.context.now,
            text=query,
            near=near.near() if near else None,
            filters=filters.filters() if filters else Filters(),
            sort=sort,
            limit=first,
        )
        asked = replace(asked, after=_after(after, asked))
    except InvalidSearch as invalid:
        raise ApiError(ErrorCode.BAD_INPUT, invalid.message) from None
    return _connection(await runtime.search(asked), asked)


@strawberry.type
class Query:
    search_offers: Connection[SearchHit] | None = strawberry.field(
        resolver=search_offers,
        description="Bookable offers, one per book or film, at most 1 000. The last word typed counts as a prefix.",
    )


def _connection(page: Page, asked: SearchQuery) -> Connection[SearchHit]:
    mark = _fingerprint(asked)
    edges = [Edge(node=SearchHit.of(hit), cursor=encode_cursor([*hit.place, mark])) for hit in page.hits]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=asked.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _after(after: str | None, asked: SearchQuery) -> Place | None:
    """The place behind which the page begins. A cursor is only good for the search that gave it."""
    keys = decode_cursor(after, int, float, int, str)
    if keys is None:
        return None
    *place, mark = keys
    if mark != _fingerprint(asked):
        raise InvalidSearch("after", "vient d'une autre recherche")
    return Place(*place)


def _fingerprint(asked: SearchQuery) -> str:
    filters = asked.filters
    facets = sorted(filters.subcategories), sorted(filters.search_groups)
    rest = replace(filters, subcategories=frozenset(), search_groups=frozenset())
    asked_for = repr((asked.text, asked.near, facets, rest, asked.sort))
    return blake2b(asked_for.encode(), digest_size=6).hexdigest()


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(Query, introspection=introspection, glossary=GLOSSARY)
