"""Relay's compiler takes the API: every list paged from both ends, things found again by `node`."""

import re

import pytest
from graphql import GraphQLSchema

from .conftest import OpenWorkshop
from .test_relay_specification import lists
from .workshops import HERE

SOURCES = HERE / "relay" / "src"


def test_every_list_of_the_api_is_paged_through(api: GraphQLSchema) -> None:
    """A list added to a contract is red here until Relay is shown to page through it."""
    paged: set[str] = set()
    for fragment in re.findall(
        r"fragment \w+ on \w+\s[^`]*@refetchable[^`]*", (SOURCES / "lists.js").read_text()
    ):
        owner = re.match(r"fragment \w+ on (\w+)", fragment)
        field = re.search(r"\n {4}(\w+)\((?:[^`]*?)\)\s*@connection", fragment)
        assert owner is not None, fragment
        assert field is not None, fragment
        paged.add(f"{owner[1]}.{field[1]}")
    assert paged == set(lists(api))


@pytest.mark.clients
def test_relay_compiles_lists_and_things(open_node: OpenWorkshop) -> None:
    workshop = open_node("relay")
    done = workshop.run("relay-compiler", "relay.config.json")
    assert done.returncode == 0, done.stdout
    made = {file.name.removesuffix(".graphql.js") for file in workshop.folder.rglob("*.graphql.js")}
    pages = set(re.findall(r'queryName: "(\w+)"', "".join(file.read_text() for file in SOURCES.iterdir())))
    assert len(pages) > 10
    assert pages <= made
    again = (workshop.folder / "src" / "__generated__" / "listsBookingsOfPersonPage.graphql.js").read_text()
    assert "node(id: $id)" in again


@pytest.mark.clients
def test_a_list_that_is_read_one_way_only_is_noticed(open_node: OpenWorkshop) -> None:
    workshop = open_node("relay")
    schema = workshop.folder / "api.graphql"
    whole = schema.read_text()
    schema.write_text(whole.replace("hasPreviousPage: Boolean!", "hasEarlierPage: Boolean!"))
    assert schema.read_text() != whole
    assert workshop.run("relay-compiler", "relay.config.json").returncode != 0
