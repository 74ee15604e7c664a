"""The schema that clients see is one that Relay's server specification describes: connections, ids, nodes."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

ARGUMENTS = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
NO_NODES = {
    "Job": "Its owner finds it by what it makes (`reimbursementExport(id:)`); each context has its own.",
    "OpenSession": "One's own are read together, and closed; nobody looks for one.",
    "OfferSubcategory": "A word of the law's list, the same in every schema, file and event: `CONCERT`.",
}
"""Types with an `id` that `node` does not find, each with the reason."""


def objects(api: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    for type_ in api.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield type_


def lists(api: GraphQLSchema) -> dict[str, GraphQLField]:
    """Coordinate → field, of every field that answers with a connection."""
    return {
        f"{type_.name}.{name}": field
        for type_ in objects(api)
        for name, field in type_.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    }


def test_page_info_is_as_specified(api: GraphQLSchema) -> None:
    page_info = api.type_map["PageInfo"]
    assert isinstance(page_info, GraphQLObjectType)
    assert {name: str(field.type) for name, field in page_info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


def test_connections_and_edges_are_as_specified(api: GraphQLSchema) -> None:
    connections = [type_ for type_ in objects(api) if type_.name.endswith("Connection")]
    assert len(connections) >= 7
    for connection in connections:
        stem = connection.name.removesuffix("Connection")
        assert {name: str(field.type) for name, field in connection.fields.items()} == {
            "edges": f"[{stem}Edge!]!",
            "pageInfo": "PageInfo!",
        }
        edge = api.type_map[f"{stem}Edge"]
        assert isinstance(edge, GraphQLObjectType)
        assert {name: str(field.type) for name, field in edge.fields.items()} == {
            "node": f"{stem}!",
            "cursor": "String!",
        }
    assert {type_.name for type_ in objects(api) if type_.name.endswith("Edge")} == {
        f"{connection.name.removesuffix('Connection')}Edge" for connection in connections
    }


def test_every_list_is_read_from_either_end(api: GraphQLSchema) -> None:
    found = lists(api)
    assert {"Query.searchOffers", "Query.myBookings", "Person.bookings", "Structure.reimbursements"} <= set(
        found
    )
    for coordinate, field in found.items():
        paging = {name: str(field.args[name].type) for name in ARGUMENTS if name in field.args}
        assert paging == ARGUMENTS, coordinate
        required = [name for name, argument in field.args.items() if is_non_null_type(argument.type)]
        assert not set(required) & set(ARGUMENTS), coordinate


def test_node_and_nodes_are_as_specified(api: GraphQLSchema) -> None:
    node = api.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {name: str(field.type) for name, field in node.fields.items()} == {"id": "ID!"}
    assert api.query_type is not None
    one, many = api.query_type.fields["node"], api.query_type.fields["nodes"]
    assert (str(one.type), {name: str(each.type) for name, each in one.args.items()}) == (
        "Node",
        {"id": "ID!"},
    )
    assert {name: str(each.type) for name, each in many.args.items()} == {"ids": "[ID!]!"}
    # A list as long as what was asked for, null where there is nothing: its items may be null.
    assert is_list_type(many.type)
    assert isinstance(many.type, GraphQLList)
    assert many.type.of_type is node


def test_whatever_has_an_id_is_a_node(api: GraphQLSchema) -> None:
    node = api.type_map["Node"]
    identified = {type_.name for type_ in objects(api) if "id" in type_.fields}
    nodes = {type_.name for type_ in objects(api) if node in type_.interfaces}
    assert identified - nodes == set(NO_NODES)
    assert nodes <= identified


def test_an_id_is_an_id_and_there(api: GraphQLSchema) -> None:
    ids = {str(type_.fields["id"].type) for type_ in objects(api) if "id" in type_.fields}
    assert ids == {"ID!"}


def test_what_is_paged_through_can_be_found_again(api: GraphQLSchema) -> None:
    """Where a list belongs to a thing, a client that wants its next page finds the thing by `node`."""
    owners = {coordinate.partition(".")[0] for coordinate in lists(api)} - {"Query"}
    node = api.type_map["Node"]
    for owner in owners:
        type_ = api.type_map[owner]
        assert isinstance(type_, GraphQLObjectType)
        assert node in type_.interfaces, owner


@pytest.mark.parametrize("payload", ["OfferBooked", "BookingCancelled"])
def test_what_a_mutation_changes_comes_with_its_id(api: GraphQLSchema, payload: str) -> None:
    """Else a client that keeps things by their ids goes on showing the wallet of before."""
    type_ = api.type_map[payload]
    assert isinstance(type_, GraphQLObjectType)
    for name in ("booking", "wallet"):
        shown = type_.fields[name].type
        shown = shown.of_type if isinstance(shown, GraphQLNonNull) else shown
        assert isinstance(shown, GraphQLObjectType)
        assert str(shown.fields["id"].type) == "ID!"
