"""What the names in a schema mean, where a field does not say it itself: one name, one meaning.

A context's glossary is a mapping from a coordinate (`Offer.status`, `Query.offers(venueId:)`, `Sort.PRICE`, a
type's name) or from a bare name, to a sentence. The most exact wins; what stands in the code wins over all.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_scalar_type,
)

Glossary = Mapping[str, str]

WORDS: Final[Glossary] = {
    "Query": "What can be asked.",
    "Mutation": "What can be done. Each field is one act, whole or not at all.",
    "Subscription": "What can be followed as it happens.",
    "UUID": "A universally unique identifier (RFC 9562), in lower case with hyphens.",
    "Date": "A day of the calendar, ISO 8601: 2026-11-22.",
    "Time": "A time of day, ISO 8601: 19:30:00.",
    "id": "Identifies it for ever; opaque.",
    "nodeId": "The same, for the router that came by `node`.",
    "ids": "Identifiers of things of any type, as they were given.",
    "Query.node(id:)": "Identifier of a thing of any type, as it was given.",
    "input": "The form.",
    "idempotencyKey": "Made by the client, once an act: sent again, the act is not done again and answers the same.",
    "code": "Why not, for programs: one of a closed list, the same in every language.",
    "message": "Why not, for people: a French sentence.",
    "first": "How many, from the start.",
    "after": "Only what comes after this cursor.",
    "last": "How many, from the end.",
    "before": "Only what comes before this cursor.",
    "edges": "The page, each with its cursor.",
    "node": "The thing itself.",
    "cursor": "Where it stands in the list; opaque.",
    "pageInfo": "Where the page stands in the list.",
    "hasNextPage": "Whether there is more after the page.",
    "hasPreviousPage": "Whether there is more before the page.",
    "startCursor": "The cursor of the page's first; null when the page is empty.",
    "endCursor": "The cursor of the page's last; null when the page is empty.",
    "Job.state": "Where it stands.",
    "Job.askedAt": "When it was asked for.",
    "Job.finishedAt": "When it came to its end; null before.",
    "JobState.QUEUED": "It waits for its turn, or to be tried again.",
    "JobState.RUNNING": "It is being done.",
    "JobState.SUCCEEDED": "It was done.",
    "JobState.FAILED": "It was tried often enough.",
    "JobState.CANCELLED": "Somebody called it off.",
    "representations": "Keys of the entities that a router wants.",
    "_entities": "Entities by their keys, for the router.",
    "_service": "This subgraph's own schema, for the router.",
    "sdl": "The schema in GraphQL's own language.",
    "_Any": "The key of an entity, with its type's name.",
    "_Entity": "Every type that a router may ask for by its key.",
    "_Service": "A subgraph, as a router sees it.",
}
"""The names that are the same in all contexts."""

SPECIFICATIONS: Final = {
    "UUID": "https://www.rfc-editor.org/rfc/rfc9562",
    "Date": "https://www.rfc-editor.org/rfc/rfc3339",
    "DateTime": "https://www.rfc-editor.org/rfc/rfc3339",
    "Time": "https://www.rfc-editor.org/rfc/rfc3339",
}
"""Where each scalar is specified (`@specifiedBy`); an amount in cents is nobody's standard."""

Described = Any
"""Whatever of a schema has a `description`."""


def describe(schema: GraphQLSchema, glossary: Glossary) -> None:
    """Give a description to everything that has none and that a glossary knows; its specification to a scalar."""
    for coordinate, name, described in elements(schema):
        is_scalar = isinstance(described, GraphQLScalarType)
        if is_scalar:
            described.specified_by_url = SPECIFICATIONS.get(name, described.specified_by_url)
        if not described.description or (is_scalar and name in WORDS):  # a library's own say little
            found = (words.get(key) for key in (coordinate, name) for words in (glossary, WORDS))
            described.description = next(filter(None, found), None) or _by_kind(coordinate, described)


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, str, Described]]:
    """All that a client can read of a schema: its coordinate, its bare name, and the thing itself."""
    for type_ in schema.type_map.values():
        if type_.name.startswith("__") or is_specified_scalar_type(type_):
            continue
        yield type_.name, type_.name, type_
        match type_:
            case GraphQLEnumType():
                for name, value in type_.values.items():
                    yield f"{type_.name}.{name}", name, value
            case GraphQLInputObjectType():
                for name, field in type_.fields.items():
                    yield f"{type_.name}.{name}", name, field
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, output in type_.fields.items():
                    yield f"{type_.name}.{name}", name, output
                    for argument_name, argument in output.args.items():
                        yield f"{type_.name}.{name}({argument_name}:)", argument_name, argument
            case GraphQLUnionType() | GraphQLScalarType():
                pass


def _by_kind(name: str, described: Described) -> str | None:
    """What follows from how our types are named: `BookOfferResult`, `OfferConnection`, `OfferEdge`."""
    if not isinstance(described, GraphQLNamedType):
        return None
    if isinstance(described, GraphQLUnionType) and name.endswith("Result"):
        return f"What `{name[:1].lower()}{name.removesuffix('Result')[1:]}` gives: what was done, or why it was not."
    if isinstance(described, GraphQLObjectType) and name.endswith(("Connection", "Edge")):
        of = name.removesuffix("Connection").removesuffix("Edge")
        return f"A page of a list of {of}." if name.endswith("Connection") else f"One {of} of a list."
    return None


def undescribed(schema: GraphQLSchema) -> list[str]:
    """The coordinates of all that says nothing of itself."""
    return [coordinate for coordinate, _, described in elements(schema) if not described.description]
