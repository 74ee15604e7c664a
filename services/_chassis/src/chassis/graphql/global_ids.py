"""Global ids: what a client holds tells its type, and means nothing else to it (Relay's server specification).

On the wire an id is `base64url("Offer:0195…")`; behind it, in resolvers, use cases, databases, events and
tokens, it is the UUID alone. The `edge` of a schema puts the one in place of the other where it is served: every
`id` that goes out, every ID that comes in as an argument, in an input or as the key of an entity. An id of
another type, a bare UUID or anything else is BAD_INPUT: with two forms of one id a client's cache would hold a thing
twice, and of a UUID nobody can tell what it is of.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import isawaitable
from typing import Any, Final
from uuid import UUID

import strawberry
from graphql import (
    GraphQLField,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from chassis.graphql.errors import ApiError, ErrorCode
from chassis.graphql.ids import known_uuid

PLAIN: Final = ""
"""In place of a type: this ID is not global, and goes through as it is."""

Reader = Callable[[Any], Any]

_NOBODYS: Final = "-"

_OWN: Final = ("id", "nodeId")
"""Fields in which an object tells its own id: to clients, and to the router alone."""


def global_id(type_name: str, plain: UUID | str) -> strawberry.ID:
    """What clients call the thing of this type and UUID."""
    return strawberry.ID(base64.urlsafe_b64encode(f"{type_name}:{plain}".encode()).decode().rstrip("="))


def read_global_id(value: str) -> tuple[str, UUID] | None:
    """The type and UUID that `global_id` made this of; None for anything else."""
    try:
        type_name, _, plain = (
            base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True).decode().partition(":")
        )
        identifier = UUID(plain)
    except (binascii.Error, ValueError):
        return None
    # One id has one form: caches compare texts.
    return (type_name, identifier) if global_id(type_name, identifier) == value else None


def uuid_behind(value: str, type_name: str) -> UUID:
    """The UUID of a global id of this very type. Raises ApiError BAD_INPUT."""
    found = read_global_id(value)
    if found is None or found[0] != type_name:
        raise ApiError(
            ErrorCode.BAD_INPUT, f"Cet identifiant n’est pas celui d’un objet de type {type_name}."
        )
    return found[1]


def edge(schema: GraphQLSchema, types: Mapping[str, str]) -> Callable[[], None]:
    """What makes the ids of a schema global, once it is called.

    Which type an ID is of: of its own object for `id` and `nodeId`; of the answer for an argument `id`, where any
    is taken as it is when the answer may be of several types (`node`); else the name says it (`stockId`:
    Stock). `types` tells the rest: by coordinate (`CloseResult.batchId`, `Query.batch(id:)`) or by name
    (`batchId`), PLAIN for what is no global id. Raises ValueError for an ID of which nobody knows.
    """
    known = _Types(schema, types)
    resolvers: list[tuple[GraphQLField, Callable[..., Any]]] = []
    sources: list[tuple[GraphQLField, Callable[..., Any]]] = []
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            if name == "_entities" and type_ is schema.query_type:
                resolvers.append((field, _entities(field)))
                continue
            resolve = _resolver(field)
            if get_named_type(field.type) is GraphQLID:
                resolve = _shown(resolve, known.of_field(type_, name))
            if readers := known.readers(type_, name, field):
                resolve = _reading(resolve, readers)
                if field.subscribe is not None:
                    sources.append((field, _reading(field.subscribe, readers)))
            if resolve is not field.resolve:
                resolvers.append((field, resolve))

    def globalise() -> None:
        for field, resolve in resolvers:
            field.resolve = resolve
        for field, subscribe in sources:
            field.subscribe = subscribe

    return globalise


class _Types:
    def __init__(self, schema: GraphQLSchema, types: Mapping[str, str]) -> None:
        self._types = types
        self._names = {
            type_.name for type_ in schema.type_map.values() if isinstance(type_, GraphQLObjectType)
        }
        self._inputs: dict[str, Reader | None] = {}

    def of_field(self, type_: GraphQLObjectType, name: str) -> str:
        coordinate = f"{type_.name}.{name}"
        return type_.name if name in _OWN and coordinate not in self._types else self._named(coordinate, name)

    def readers(self, type_: GraphQLObjectType, field_name: str, field: GraphQLField) -> dict[str, Reader]:
        """How to read the arguments that hold ids."""
        answer = get_named_type(field.type)
        readers: dict[str, Reader] = {}
        for name, argument in field.args.items():
            if name in ("id", "ids") and isinstance(answer, GraphQLInterfaceType):
                continue
            coordinate = f"{type_.name}.{field_name}({name}:)"
            owner = answer.name if name in ("id", "ids") and isinstance(answer, GraphQLObjectType) else None
            if (reader := self._reader(argument.type, coordinate, name, owner)) is not None:
                readers[name] = reader
        return readers

    def _named(self, coordinate: str, name: str, owner: str | None = None) -> str:
        for known in (coordinate, name):
            if known in self._types:
                return self._types[known]
        stem = name.removesuffix("Ids").removesuffix("Id")
        wanted = owner or stem[:1].upper() + stem[1:]
        if wanted not in self._names or (stem == name and owner is None):
            raise ValueError(f"of which type is {coordinate}? Say it to `build_schema(ids=…)`")
        return wanted

    def _reader(self, type_: Any, coordinate: str, name: str, owner: str | None = None) -> Reader | None:
        if isinstance(type_, GraphQLNonNull):
            return self._reader(type_.of_type, coordinate, name, owner)
        if isinstance(type_, GraphQLList):
            each = self._reader(type_.of_type, coordinate, name, owner)
            return None if each is None else _unless_null(lambda values: [each(value) for value in values])
        if type_ is GraphQLID:
            wanted = self._named(coordinate, name, owner)
            return None if wanted == PLAIN else _unless_null(lambda value: str(uuid_behind(value, wanted)))
        return self._input(type_) if isinstance(type_, GraphQLInputObjectType) else None

    def _input(self, type_: GraphQLInputObjectType) -> Reader | None:
        if type_.name not in self._inputs:
            self._inputs[type_.name] = None  # an input that holds itself has no id further down
            found = {
                name: self._reader(field.type, f"{type_.name}.{name}", name)
                for name, field in type_.fields.items()
            }
            readers = {name: reader for name, reader in found.items() if reader is not None}
            if readers:
                self._inputs[type_.name] = _unless_null(lambda given: _converted(given, readers))
        return self._inputs[type_.name]


def _unless_null(read: Reader) -> Reader:
    """Null alone needs no reading: an empty text is an id like any other that is none of ours."""
    return lambda value: None if value is None else read(value)


def _converted(given: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """A copy: one variable may stand in two places of a document."""
    return {name: readers[name](value) if name in readers else value for name, value in given.items()}


def _resolver(field: GraphQLField) -> Callable[..., Any]:
    resolve = field.resolve
    assert resolve is not None, "strawberry gives every field a resolver"
    return resolve


def _shown(resolve: Callable[..., Any], type_name: str) -> Callable[..., Any]:
    if type_name == PLAIN:
        return resolve

    def show(source: Any, info: Any, **arguments: Any) -> Any:
        value = resolve(source, info, **arguments)
        return later(value) if isawaitable(value) else named(value)

    async def later(value: Awaitable[Any]) -> Any:
        return named(await value)

    def named(value: Any) -> Any:
        if isinstance(value, Iterable) and not isinstance(value, str):
            return [global_id(type_name, each) for each in value]
        return value if value is None else global_id(type_name, value)

    return show


def _reading(resolve: Callable[..., Any], readers: Mapping[str, Reader]) -> Callable[..., Any]:
    def read(source: Any, info: Any, **arguments: Any) -> Any:
        return resolve(source, info, **_converted(arguments, readers))

    return read


def _entities(field: GraphQLField) -> Callable[..., Any]:
    resolve = _resolver(field)

    def read(source: Any, info: Any, representations: list[Any]) -> Any:
        return resolve(source, info, representations=[_representation(each) for each in representations])

    return read


def _representation(given: Any) -> Any:
    """An entity as another subgraph names it. What is no id of ours leads nowhere: a word stays as it is."""
    if not isinstance(given, Mapping):
        return given
    return {name: _key_behind(value, given) if name in _OWN else value for name, value in given.items()}


def _key_behind(value: Any, given: Mapping[str, Any]) -> Any:
    found = read_global_id(str(value))
    if found is not None and found[0] == given.get("__typename"):
        return str(found[1])
    # Behind the edge a UUID would be taken for what it is here.
    return value if known_uuid(strawberry.ID(str(value))) is None else _NOBODYS
