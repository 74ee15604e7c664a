"""Clients get codes from a closed list; a bug shows a trace id, and its values stay where they are."""

import json
import logging
from typing import Any

import pytest
import structlog
from notebook.nights import CANARY
from notebook.schema import build

from chassis.auth import KeysUnavailable, TokenVerifier
from chassis.graphql import global_id
from chassis.graphql.errors import ErrorCode, present
from chassis.ids import new_id
from chassis.testing import SubgraphClient, principal, token_for

TRACE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_INVALID"),
        ("", {}, "GRAPHQL_INVALID"),
        ("{nothing}", {}, "GRAPHQL_INVALID"),
        ("query A{now} query B{now}", {}, "BAD_INPUT"),
        ('{price(of: "12")}', {}, "BAD_INPUT"),
        ("{price(of: 1.5)}", {}, "BAD_INPUT"),
        ("query($p: Cents!){price(of: $p)}", {"p": "12"}, "BAD_INPUT"),
        ("query($p: Cents!){price(of: $p)}", {"p": True}, "BAD_INPUT"),
        ("query($p: Cents!){price(of: $p)}", {"p": 2**53}, "BAD_INPUT"),
        ("query($p: Cents!){price(of: $p)}", {"p": 12.0}, "BAD_INPUT"),
        ("query($p: Cents!){price(of: $p)}", {}, "BAD_INPUT"),
        ("query($p: Cents = 1){price(of: $p)}", {"p": None}, "BAD_INPUT"),
        ("query($t: DateTime!){instant(of: $t)}", {"t": "2026-11-22T10:00:00"}, "BAD_INPUT"),
        ("query($t: DateTime!){instant(of: $t)}", {"t": "0001-01-01T00:00:00+05:00"}, "BAD_INPUT"),
        ("query($t: DateTime!){instant(of: $t)}", {"t": 1795000000}, "BAD_INPUT"),
        ('{instant(of: "tomorrow")}', {}, "BAD_INPUT"),
        ("query($u: UUID!){echo(of: $u)}", {"u": "6f9619ff"}, "BAD_INPUT"),
        ("{echo(of: 5)}", {}, "BAD_INPUT"),
        ("{notes(first: 0){edges{cursor}}}", {}, "BAD_INPUT"),
        ("{notes(first: 101){edges{cursor}}}", {}, "BAD_INPUT"),
        ('{notes(after: "Kg"){edges{cursor}}}', {}, "BAD_INPUT"),
        ('{notes(after: "é"){edges{cursor}}}', {}, "BAD_INPUT"),
        ('{notes(after: "W10"){edges{cursor}}}', {}, "BAD_INPUT"),
        ("{me}", {}, "UNAUTHENTICATED"),
        ("{secret}", {}, "UNAUTHENTICATED"),
        ("{forbiddenWord}", {}, "NOT_FOUND"),
        ("subscription{ticks(count: 1)}", {}, "GRAPHQL_INVALID"),
    ],
)
async def test_each_mistake_of_a_client_has_its_code(
    query: str, variables: dict[str, Any], code: str, subgraph: SubgraphClient
) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await subgraph.execute(query, variables)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert ErrorCode(code)
    (line,) = (line for line in logged if line["event"] != "security")
    assert (line["event"], line["log_level"], line["code"]) == ("http.request", "info", code)


async def test_a_role_that_is_missing_is_forbidden(subgraph: SubgraphClient) -> None:
    assert await subgraph.error_code("{secret}", by=principal("pro")) == "FORBIDDEN"
    assert await subgraph.data("{secret}", by=principal("finance")) == {"secret": "open"}


@pytest.mark.parametrize("field", ["bug", "misprice", "naive"])
async def test_a_bug_shows_a_trace_id_and_nothing_else(
    field: str, subgraph: SubgraphClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        answer = await subgraph.execute(
            f"{{ {field} }}", headers={"traceparent": f"00-{TRACE}-{'a' * 16}-01"}
        )
    (error,) = answer["errors"]
    assert error["message"] == "Une erreur inattendue s'est produite. Elle a été enregistrée."
    assert error["extensions"] == {"code": "INTERNAL", "traceId": TRACE}
    assert error["path"] == [field]
    bug, _ = logged
    assert bug["event"] == "graphql.bug"
    assert bug["at"], "where it happened is logged"
    everything = json.dumps([answer, logged]) + caplog.text + "".join(capfd.readouterr())
    assert CANARY not in everything


async def test_a_database_out_of_reach_is_unavailable_and_not_a_bug(subgraph: SubgraphClient) -> None:
    with structlog.testing.capture_logs() as logged:
        code = await subgraph.error_code(f'{{note(id:"{global_id("Note", new_id())}"){{id}}}}')
    assert code == "UNAVAILABLE"
    assert [entry["event"] for entry in logged] == ["graphql.unavailable", "http.request"]


async def test_a_bad_token_is_refused_even_for_what_anybody_may_see(subgraph: SubgraphClient) -> None:
    expired = token_for(principal("pro"), exp=1)
    for authorization in (f"Bearer {expired}", "Bearer nonsense", "Bearer", "Basic YTpi", "nonsense"):
        answer = await subgraph.execute("{now}", headers={"authorization": authorization})
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_keys_that_cannot_be_had_are_unavailable_and_not_a_crash(
    subgraph: SubgraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise KeysUnavailable

    monkeypatch.setattr(TokenVerifier, "verify", away)
    assert await subgraph.error_code("{now}", by=principal("pro")) == "UNAVAILABLE"
    assert await subgraph.data("{__typename}") == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("document", "variables", "said"),
    [
        (
            "query($id: ID!){note(id:$id){id}}",
            {"id": [CANARY]},
            "La variable $id a une valeur qui ne convient pas.",
        ),
        ("query($id: ID!){note(id:$id){id}}", {}, "La variable $id a une valeur qui ne convient pas."),
        (f'{{note(id:{{a: "{CANARY}"}}){{id}}}}', {}, "Une valeur ne convient pas au type attendu."),
        ("{note(id:canari){id}}", {}, "Une valeur ne convient pas au type attendu."),
        (f'{{note "{CANARY}"}}', {}, "Le document n'est pas du GraphQL."),
    ],
)
async def test_production_repeats_no_value_and_development_says_what_is_wrong(
    document: str, variables: dict[str, Any], said: str
) -> None:
    shown = {}
    for introspection in (True, False):
        schema = build(introspection)
        checked = schema.check(document)
        errors = list(checked.errors)
        if checked.document is not None:
            errors = (await schema.perform(checked.document, variables, None, None)).errors or []
        (shown[introspection],) = [present(error) for error in errors]
    assert shown[False]["message"] == said
    assert shown[True]["message"] != said
    assert shown[False]["extensions"]["code"] == shown[True]["extensions"]["code"] != "INTERNAL"
    assert shown[False].get("locations") == shown[True].get("locations")
