"""What people wrote is repeated neither in an error of production nor in a log; names are not suggested."""

import json
from typing import Any

import httpx
import pytest

from .conftest import Target

pytestmark = pytest.mark.servers

CANARY = "canari7"
TYPED = "query ($first: Int!, $ids: [ID!]) { offers(first: $first) { id } offer(id: $ids) { id } }"

ASKED: dict[str, dict[str, Any]] = {
    "a variable": {"query": TYPED, "variables": {"first": CANARY}},
    "a variable that is an object": {"query": TYPED, "variables": {"first": {CANARY: CANARY}}},
    "a literal": {"query": f'{{ offers(first: "{CANARY}") {{ id }} }}'},
    "a name of an enum": {"query": f"{{ offers(first: {CANARY}) {{ id }} }}"},
    "a list": {"query": f'{{ offer(id: ["{CANARY}"]) {{ id }} }}'},
    "an object": {"query": f'{{ offers(first: {{a: "{CANARY}"}}) {{ id }} }}'},
    "what is no document": {"query": f'{{ offers "{CANARY}" }}'},
    "an operation": {"query": "query A { offers { id } }", "operationName": CANARY},
    "variables that are none": {"query": TYPED, "variables": CANARY},
    "a key that nobody reads": {"query": "{ nothing }", CANARY: CANARY},
    "a token": {"query": "{ nothing }"},
}


@pytest.mark.parametrize("what", ASKED)
def test_no_error_and_no_log_repeats_a_value(target: Target, what: str) -> None:
    if target.name == "hive-router any":
        pytest.skip("production lets Hive Router read no document of strangers")
    headers = {"authorization": f"Bearer {CANARY}"} if what == "a token" else {}
    answer = httpx.post(target.url, json=ASKED[what], headers=headers, timeout=30)
    assert json.loads(answer.content)["errors"]
    assert CANARY not in answer.text
    assert CANARY not in target.log.read_text()


def test_what_hive_router_quotes_of_a_variable_it_does_not_log(target: Target) -> None:
    if not target.name.startswith("hive-router"):
        pytest.skip("the others quote none")
    document = "query ($first: Int!) { offers(first: $first) { id } }"
    httpx.post(target.url, json={"query": document, "variables": {"first": CANARY}}, timeout=30)
    assert CANARY not in target.log.read_text()


@pytest.mark.parametrize(
    "document", ["{ offr(id: 1) { id } }", "{ offer(id: 1) { nam } }", "{ offers(frist: 1) { id } }"]
)
def test_no_name_is_suggested(target: Target, document: str) -> None:
    answer = httpx.post(target.url, json={"query": document}, timeout=30)
    assert answer.json()["errors"]
    assert "id you mean" not in answer.text
