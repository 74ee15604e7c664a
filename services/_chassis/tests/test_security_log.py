"""Who did what and who was not let in is kept, in one shape, and nothing personal with it."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from graphql import parse
from graphql.utilities import get_operation_ast
from notebook.main import SERVICE
from notebook.nights import CANARY
from structlog.typing import EventDict

from chassis.graphql.asked import Operation
from chassis.graphql.global_ids import global_id
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.service import Runtime
from chassis.testing import OpenSubgraph, SubgraphClient, principal, token_for

NAMES = {"kind", "acts", "outcome", "codes", "person", "roles", "subjects", "place", "event", "log_level"}
ADMIN = principal("admin")
WRITE = """mutation ($input: WriteNote!, $key: UUID!) {
    writeNote(input: $input, idempotencyKey: $key) { ... on Refusal { message } ... on NoteWritten { shelf } } }"""

HIDDEN = """ fragment f on Mutation { writeNote(
    input: {title: "", priceCents: 1}, idempotencyKey: "0195b0a0-0000-7000-8000-000000000000") { __typename } }"""


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """What was logged; `told` makes security lines of it."""
    with structlog.testing.capture_logs() as logged:
        yield logged


@pytest.fixture
async def served(no_servers: Runtime[Any], open_subgraph: OpenSubgraph) -> SubgraphClient:
    """The notebook without a database."""
    return await open_subgraph(SERVICE, no_servers)


def told(logged: list[EventDict]) -> list[EventDict]:
    kept = [line for line in logged if line["event"] == "security"]
    assert all(set(line) == NAMES for line in kept), "one shape"
    return kept


async def test_whatever_the_team_asks_for_is_told_reads_included(
    served: SubgraphClient, lines: list[EventDict]
) -> None:
    await served.data('{ now  a: echo(of: "0195b0a0-0000-7000-8000-000000000000") }', by=ADMIN)
    (line,) = told(lines)
    assert (line["kind"], line["acts"], line["outcome"], line["codes"]) == (
        "query",
        ["echo", "now"],
        "done",
        [],
    )
    assert (line["person"], line["roles"]) == (str(ADMIN.person_id), ["admin"])
    assert line["subjects"] == ["0195b0a0-0000-7000-8000-000000000000"]


@pytest.mark.parametrize("role", ["pro", "beneficiary", ""])
async def test_what_others_read_is_theirs(served: SubgraphClient, lines: list[EventDict], role: str) -> None:
    await served.data("{now}", by=principal(role))
    await served.data("{now}")
    assert told(lines) == []


@pytest.mark.parametrize(
    ("query", "code", "kind"),
    [
        ("{secret}", "FORBIDDEN", "query"),
        ("{ " + "a { " * 20 + "b" + " }" * 21, "LIMIT_EXCEEDED", "document"),
        ("mutation { ...f }" + HIDDEN, "UNAUTHENTICATED", "mutation"),
    ],
)
async def test_who_is_not_let_in_is_told(
    served: SubgraphClient, lines: list[EventDict], query: str, code: str, kind: str
) -> None:
    who = None if code == "UNAUTHENTICATED" else principal("pro")
    assert await served.error_code(query, by=who) == code
    (line,) = told(lines)
    assert (line["kind"], line["outcome"], line["codes"]) == (kind, "refused", [code])
    assert line["person"] == (who and str(who.person_id))


async def test_a_token_that_is_not_taken_is_told_without_it(
    served: SubgraphClient, lines: list[EventDict]
) -> None:
    token = token_for(ADMIN, lifetime_seconds=-60)
    await served.execute("{now}", headers={"authorization": f"Bearer {token}"})
    (line,) = told(lines)
    assert (line["kind"], line["codes"], line["person"]) == ("token", ["UNAUTHENTICATED"], None)
    assert token not in str(lines)


@pytest.mark.servers
async def test_an_act_is_told_with_what_became_of_it(
    notebook: SubgraphClient, lines: list[EventDict]
) -> None:
    who, key = principal("pro"), new_id()
    note = {"title": CANARY, "priceCents": 1}
    for variables in ({"input": note, "key": str(key)}, {"input": note, "key": str(new_id())}):
        await notebook.data(WRITE, variables, by=who, headers={"x-pass-client-address": "192.0.2.7"})
    done, refused = told(lines)
    assert (done["acts"], done["outcome"], done["codes"]) == (["writeNote"], "done", [])
    assert (refused["outcome"], refused["codes"]) == ("refused", ["TITLE_TAKEN"])
    assert (done["person"], done["roles"], done["subjects"]) == (str(who.person_id), ["pro"], [])
    assert done["place"] == refused["place"]
    assert len(done["place"]) == 16
    assert CANARY not in str(lines)
    assert "192.0.2.7" not in str(lines)
    requests = [line["code"] for line in lines if line["event"] == "http.request"]
    assert requests == ["", "TITLE_TAKEN"], "the request's own line says it too"


@pytest.mark.servers
async def test_rest_is_told_alike(notebook: SubgraphClient, lines: list[EventDict]) -> None:
    note = {"title": CANARY, "priceCents": 1}
    for token in ("none", token_for(ADMIN), token_for(principal("pro"))):
        headers = {"authorization": f"Bearer {token}", "idempotency-key": str(new_id())}
        await notebook.http.post("/v1/notes", json=note, headers=headers)
    refused, done, taken = told(lines)
    assert (refused["kind"], refused["codes"], refused["person"]) == ("rest", ["UNAUTHENTICATED"], None)
    assert (done["acts"], done["outcome"], done["person"]) == (["writeNote"], "done", str(ADMIN.person_id))
    assert (taken["outcome"], taken["codes"], taken["roles"]) == ("refused", ["TITLE_TAKEN"], ["pro"])
    assert CANARY not in str(lines)


def test_ids_are_found_wherever_they_stand_and_keys_are_none() -> None:
    ids = [str(new_id()) for _ in range(4)]
    document = parse(
        f"""mutation ($input: X, $key: UUID!, $list: [ID!]) {{
            one(id: "{ids[0]}", idempotencyKey: $key, text: "{ids[0]}x", input: $input)
            ... {{ two(ids: $list) {{ inner(id: "{new_id()}") }} }}
            ...f
        }} fragment f on Mutation {{ three(by: {{ deep: [{{ id: "{ids[3]}" }}] }}) }}"""
    )
    operation = get_operation_ast(document)
    assert operation is not None
    variables = {
        "input": {"noteId": global_id("Note", ids[1]), "name": "Alice", "idempotencyKey": str(new_id())},
        "key": str(new_id()),
        "list": [ids[2], ids[2]],
    }
    asked = Operation(document, operation, variables)
    assert asked.acts() == {"one", "two", "three"}
    assert list(dict.fromkeys(map(str, asked.subjects()))) == ids


def test_a_pseudonym_tells_apart_and_nothing_else() -> None:
    key = Sealer.new_key()
    names = {Sealer(key).pseudonym(each) for each in ("192.0.2.7", "192.0.2.8", "")}
    assert len(names) == 3
    assert Sealer(key, Sealer.new_key()).pseudonym("192.0.2.7") in names
    assert Sealer(Sealer.new_key()).pseudonym("192.0.2.7") not in names
