"""Things are found by their ids alone: one's own are judged here, another subgraph's are asked of it."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import strawberry

from chassis.graphql import KEYS, Info, Node, Nodes, build_schema, global_id, node_id, seen
from chassis.graphql.schema import Subgraph

SEEN, UNSEEN = UUID(int=1), UUID(int=2)


@strawberry.federation.type(keys=["id"])
class Book(Node):
    id: strawberry.ID
    title: str

    @classmethod
    async def visible(cls, info: Info, id_: UUID) -> "Book | None":
        return await seen(info, cls(id=strawberry.ID(str(id_)), title="Un livre"))

    async def may_be_seen(self, info: Info) -> bool:
        return self.id == str(SEEN)


NODES = Nodes(own={"Book": Book.visible}, foreign=["Shelf"])


@strawberry.type
class Query:
    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await NODES.find(info, id)

    @strawberry.field
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        return await NODES.find_each(info, ids)


@pytest.fixture(scope="module")
def library() -> Subgraph:
    return build_schema(Query, types=[Book, *NODES.stubs], ids={}).with_global_ids()


async def ask(schema: Subgraph, query: str, **variables: Any) -> Any:
    return await schema.execute(query, variables, context_value=SimpleNamespace(principal=None))


NODE = "query ($id: ID!) { node(id: $id) { __typename ... on Book { id title } ... on Shelf { nodeId } } }"
NODES_BY_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Book { id } } }"


async def test_an_own_thing_is_found_by_whom_it_may_be_seen(library: Subgraph) -> None:
    found = await ask(library, NODE, id=global_id("Book", SEEN))
    assert found.data == {"node": {"__typename": "Book", "id": global_id("Book", SEEN), "title": "Un livre"}}
    hidden = await ask(library, NODE, id=global_id("Book", UNSEEN))
    assert (hidden.data, hidden.errors) == ({"node": None}, None)


async def test_another_subgraphs_thing_is_named_by_a_key_that_clients_never_see(library: Subgraph) -> None:
    its_id = global_id("Shelf", SEEN)
    assert (await ask(library, NODE, id=its_id)).data == {"node": {"__typename": "Shelf", "nodeId": its_id}}
    contract = library.as_str()
    assert "id: ID! @external" in contract, "its id is asked of its owner, who may say that there is none"
    assert "nodeId: ID! @inaccessible" in contract


async def test_an_id_of_no_type_here_is_null(library: Subgraph) -> None:
    answer = await ask(library, NODE, id=global_id("Lamp", SEEN))
    assert (answer.data, answer.errors) == ({"node": None}, None)


@pytest.mark.parametrize("id_", [str(SEEN), "x", "", global_id("Book", SEEN) + "="])
async def test_what_is_no_id_of_ours_is_bad_input(library: Subgraph, id_: str) -> None:
    answer = await ask(library, NODE, id=id_)
    assert answer.data == {"node": None}
    assert [error.extensions["code"] for error in answer.errors] == ["BAD_INPUT"]


async def test_several_come_in_their_places_and_one_that_is_wrong_harms_no_other(library: Subgraph) -> None:
    ids = [global_id("Book", SEEN), str(SEEN), global_id("Book", UNSEEN), global_id("Shelf", SEEN)]
    answer = await ask(library, NODES_BY_IDS, ids=ids)
    assert answer.data == {
        "nodes": [{"__typename": "Book", "id": ids[0]}, None, None, {"__typename": "Shelf"}]
    }
    assert [(error.path, error.extensions["code"]) for error in answer.errors] == [
        (["nodes", 1], "BAD_INPUT")
    ]


@pytest.mark.parametrize(("count", "codes"), [(100, []), (101, ["BAD_INPUT"])])
async def test_a_page_of_ids_at_a_time(library: Subgraph, count: int, codes: list[str]) -> None:
    answer = await ask(library, NODES_BY_IDS, ids=[global_id("Book", UNSEEN)] * count)
    assert [error.extensions["code"] for error in answer.errors or ()] == codes


async def test_nobody_is_given_anothers_thing_by_reference(library: Subgraph) -> None:
    refs = [{"__typename": "Shelf", name: global_id("Shelf", SEEN)} for name in KEYS]
    answer = await ask(
        library,
        "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Shelf { nodeId } } }",
        refs=refs,
    )
    assert (answer.data, answer.errors) == ({"_entities": [None, None]}, None)


@strawberry.federation.type(keys=KEYS)
class Lamp:
    id: strawberry.ID
    node_id: strawberry.ID = node_id()

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "Lamp | None":
        return cls(id=id) if id == str(SEEN) else None


@strawberry.type
class Lamps:
    @strawberry.field
    def lamp(self) -> Lamp:
        return Lamp(id=strawberry.ID(str(SEEN)))


@pytest.mark.parametrize("key", KEYS)
async def test_its_owner_finds_it_by_either_key_and_judges(key: str) -> None:
    schema = build_schema(Lamps, ids={}).with_global_ids()
    refs = [{"__typename": "Lamp", key: global_id("Lamp", which)} for which in (SEEN, UNSEEN)]
    answer = await ask(
        schema,
        "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Lamp { id nodeId } } }",
        refs=refs,
    )
    its_id = global_id("Lamp", SEEN)
    assert answer.data == {"_entities": [{"id": its_id, "nodeId": its_id}, None]}


async def test_a_reference_by_an_id_of_another_type_leads_nowhere() -> None:
    schema = build_schema(Lamps, ids={}).with_global_ids()
    refs = [{"__typename": "Lamp", key: global_id("Book", SEEN)} for key in KEYS]
    answer = await ask(
        schema,
        "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Lamp { id } } }",
        refs=refs,
    )
    assert answer.data == {"_entities": [None, None]}
