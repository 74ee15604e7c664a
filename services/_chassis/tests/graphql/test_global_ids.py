"""What a client holds tells its type; behind the edge of the schema an id is the UUID alone."""

import base64
from typing import Any
from uuid import UUID

import pytest
import strawberry
from hypothesis import given
from hypothesis import strategies as st
from notebook import notes as usecases
from notebook.main import SERVICE
from notebook.schema import build

from chassis.graphql import Info, build_schema, global_id, read_global_id
from chassis.ids import new_id
from chassis.service import Runtime
from chassis.testing import TODAY, OpenSubgraph, SubgraphClient, principal

NOTE = UUID("0195e0a0-0000-7000-8000-000000000001")
WRITE = """
mutation ($input: WriteNote!, $key: UUID!) {
  writeNote(input: $input, idempotencyKey: $key) { ... on NoteWritten { note { id } shelf copiedId } }
}
"""


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(st.from_regex(r"[A-Z][A-Za-z]{0,30}", fullmatch=True), st.uuids())
def test_a_global_id_is_read_as_what_it_was_made_of(type_name: str, plain: UUID) -> None:
    made = global_id(type_name, plain)
    assert read_global_id(made) == (type_name, plain)
    assert read_global_id(global_id(type_name, str(plain))) == (type_name, plain)
    assert set(made).isdisjoint("+/= ")


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_no_global_id(text: str) -> None:
    found = read_global_id(text)
    assert found is None or global_id(*found) == text


@pytest.mark.parametrize(
    "value",
    [
        str(NOTE),
        encoded(f"Note:{NOTE}") + "=",
        encoded(f"Note:{NOTE}".upper()),
        encoded(f"Note:{{{NOTE}}}"),
        encoded(f"Note:{NOTE.hex}"),
        encoded(f"Note:{NOTE}:more"),
        encoded("Note:1"),
        encoded(f"Note {NOTE}"),
        "é",
        "",
    ],
)
def test_an_id_has_one_form_only(value: str) -> None:
    assert read_global_id(value) is None


@pytest.mark.parametrize("value", [str(NOTE), global_id("Book", NOTE), global_id("note", NOTE), "x", " ", ""])
@pytest.mark.parametrize(
    "query",
    [
        "query ($id: ID!) { note(id: $id) { id } }",
        "query ($id: ID!) { titles(noteIds: [$id]) }",
        """mutation ($id: ID!) { writeNote(
            input: {title: "a", priceCents: 1, copyOf: $id}, idempotencyKey: "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
        ) { __typename } }""",
    ],
)
async def test_an_id_of_another_type_or_of_none_is_bad_input(
    value: str, query: str, subgraph: SubgraphClient
) -> None:
    assert await subgraph.error_code(query, {"id": value}, by=principal()) == "BAD_INPUT"


@pytest.mark.servers
async def test_an_id_goes_out_global_comes_in_global_and_is_plain_between(
    notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    original: Any = await runtime.database.run(
        lambda connection: usecases.write(connection, "Une note", 1200, TODAY)
    )
    its_id = global_id("Note", original.id)
    answer = await notebook.data("query ($id: ID!) { note(id: $id) { id itself { id } } }", {"id": its_id})
    assert answer == {"note": {"id": its_id, "itself": {"id": its_id}}}
    answer = await notebook.data("query ($ids: [ID!]!) { titles(noteIds: $ids) }", {"ids": [its_id] * 2})
    assert answer == {"titles": ["Une note"] * 2}

    copy = {"title": "Copie", "priceCents": 1, "copyOf": its_id}
    written = (await notebook.data(WRITE, {"input": copy, "key": str(new_id())}, by=principal()))["writeNote"]
    assert (written["shelf"], written["copiedId"]) == ("shelf 3", its_id)
    type_name, plain = read_global_id(written["note"]["id"]) or ("", None)
    assert type_name == "Note"
    async with runtime.database.read() as connection:
        assert list(await usecases.by_ids(connection, [plain])) == [plain]


@pytest.mark.servers
async def test_one_variable_may_stand_in_two_places(notebook: SubgraphClient) -> None:
    query = """mutation ($input: WriteNote!, $one: UUID!, $two: UUID!) {
      a: writeNote(input: $input, idempotencyKey: $one) { ... on NoteWritten { copiedId } }
      b: writeNote(input: $input, idempotencyKey: $one) { ... on NoteWritten { copiedId } }
    }"""
    given_id = global_id("Note", NOTE)
    variables = {
        "input": {"title": "a", "priceCents": 1, "copyOf": given_id},
        "one": str(NOTE),
        "two": str(NOTE),
    }
    query = query.replace(", $two: UUID!", "")
    del variables["two"]
    answer = await notebook.data(query, variables, by=principal())
    assert answer == {"a": {"copiedId": given_id}, "b": {"copiedId": given_id}}


@pytest.mark.servers
async def test_an_entity_named_by_an_id_that_cannot_be_ours_is_null(
    notebook: SubgraphClient, runtime: Runtime[Any]
) -> None:
    """Nor is one that is there found by the UUID behind its id, in any spelling."""
    made: Any = await runtime.database.run(
        lambda connection: usecases.write(connection, "Une note", 1200, TODAY)
    )
    query = "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Note { title } } }"

    async def named(key: str, value: Any) -> Any:
        answer = await notebook.execute(query, {"refs": [{"__typename": "Note", key: value}]}, by=principal())
        return answer["data"] and answer["data"]["_entities"][0]

    for key in ("id", "nodeId"):
        assert await named(key, global_id("Note", made.id)) == {"title": "Une note"}
        for value in (global_id("Book", made.id), str(made.id), made.id.hex, f"urn:uuid:{made.id}", ""):
            assert await named(key, value) is None, (key, value)


def test_an_id_of_which_nobody_says_the_type_is_noticed_when_the_schema_is_made() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def named(self, info: Info, whom: strawberry.ID) -> str:
            return whom

    with pytest.raises(ValueError, match=r"of which type is Query.named\(whom:\)"):
        build_schema(Query, ids={})
    build_schema(Query, ids={"whom": "Note"})


async def test_an_id_that_is_waited_for_goes_out_global_too() -> None:
    @strawberry.type
    class Book:
        @strawberry.field
        async def id(self) -> strawberry.ID:
            return strawberry.ID(str(NOTE))

    @strawberry.type
    class Query:
        @strawberry.field
        def book(self) -> Book:
            return Book()

    result = await build_schema(Query, ids={}).with_global_ids().execute("{ book { id } }")
    assert result.data == {"book": {"id": global_id("Book", NOTE)}}


def test_the_contract_calls_them_id_all_the_same() -> None:
    note = SERVICE.schema(True)._schema.query_type.fields["note"]  # type: ignore[union-attr]
    assert (str(note.args["id"].type), str(note.type)) == ("ID!", "Note")


@pytest.mark.parametrize(("named", "told"), [(global_id("Note", NOTE), str(NOTE)), (str(NOTE), None)])
async def test_a_subscription_takes_global_ids_too(named: str, told: str | None) -> None:
    schema = build(True).with_global_ids()
    checked = schema.check("subscription ($id: ID!) { plainly(noteId: $id) }")
    assert checked.document is not None
    (result,) = [each async for each in schema.follow(checked.document, {"id": named}, None, None)]
    assert (result.data and result.data["plainly"]) == told
    assert bool(result.errors) is (told is None)


async def test_behind_its_edge_a_schema_speaks_of_uuids(
    no_servers: Runtime[Any], open_subgraph: OpenSubgraph
) -> None:
    behind = await open_subgraph(SERVICE, no_servers)
    query = "query ($id: ID!) { note(id: $id) { id } }"
    assert await behind.error_code(query, {"id": str(NOTE)}) == "UNAVAILABLE"  # it asked the database
    served = await open_subgraph(SERVICE, no_servers, global_ids=True)
    assert await served.error_code(query, {"id": str(NOTE)}) == "BAD_INPUT"
    assert await served.error_code(query, {"id": global_id("Note", NOTE)}) == "UNAVAILABLE"
