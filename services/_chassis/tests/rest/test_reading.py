"""Bodies: only what is declared, of the declared type, and nothing of it ever echoed."""

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from notebook.nights import CANARY
from notebook.rest import NewNote

from chassis.rest.reading import MAX_DEPTH
from chassis.testing import principal, token_for

GOOD = {"title": "Courses", "priceCents": 5}


async def send(alone: httpx.AsyncClient, body: bytes, kind: str = "application/json") -> tuple[int, Any]:
    headers = {
        "authorization": f"Bearer {token_for(principal('pro'))}",
        "idempotency-key": str(uuid4()),
        "content-type": kind,
    }
    answer = await alone.post("/v1/notes", content=body, headers=headers)
    assert CANARY not in answer.text
    return answer.status_code, answer.json()


UNDERSTOOD = (503, "UNAVAILABLE")
"""What a body that is well gets from a service without a database."""


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
    ],
)
async def test_a_declared_type_is_read(kind: str, alone: httpx.AsyncClient) -> None:
    status, problem = await send(alone, orjson.dumps(GOOD), kind)
    assert (status, problem["code"]) == UNDERSTOOD


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/jsonp", "application/json; charset=latin-1", "multipart/form-data"],
)
async def test_another_type_is_not(kind: str, alone: httpx.AsyncClient) -> None:
    status, problem = await send(alone, orjson.dumps(GOOD), kind)
    assert (status, problem["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        ({"priceCents": 5}, "title", "est obligatoire"),
        ({**GOOD, "title": ""}, "title", "doit avoir 1 caractères au moins"),
        ({**GOOD, "title": 7}, "title", "doit être un texte"),
        ({**GOOD, "priceCents": "5"}, "priceCents", "doit être un nombre entier"),
        ({**GOOD, "priceCents": 5.0}, "priceCents", "doit être un nombre entier"),
        ({**GOOD, "priceCents": True}, "priceCents", "doit être un nombre entier"),
        ({**GOOD, "priceCents": -1}, "priceCents", "doit être au moins 0"),
        (
            {**GOOD, "remindAt": "2026-11-22T10:00:00"},
            "remindAt",
            "doit être un instant ISO 8601 avec son fuseau",
        ),
        ({**GOOD, "remindAt": CANARY}, "remindAt", "doit être un instant ISO 8601"),
        ({**GOOD, "tags": ["a", 1]}, "tags.1", "doit être un texte"),
        ({**GOOD, "tags": ["a"] * 4}, "tags", "doit avoir 3 éléments au plus"),
        ({**GOOD, CANARY: 1}, "", "contient un champ inconnu"),
        ([GOOD], "", "doit être un objet"),
    ],
)
async def test_what_is_wrong_is_said_in_french_of_the_declared_field(
    body: Any, field: str, detail: str, alone: httpx.AsyncClient
) -> None:
    status, problem = await send(alone, orjson.dumps(body))
    assert (status, problem["code"]) == (400, "BAD_INPUT")
    assert problem["errors"] == [{"in": "body", "field": field, "detail": detail}]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'a':1}", b'{"priceCents": NaN}', b"\xff", b'"\\ud800"', b"[" * 15]
)
async def test_what_is_no_json_is_said_so(body: bytes, alone: httpx.AsyncClient) -> None:
    status, problem = await send(alone, body)
    assert (status, problem["detail"]) == (400, "Le corps n'est pas du JSON.")


@pytest.mark.parametrize(
    ("depth", "code"),
    [(MAX_DEPTH, "BAD_INPUT"), (MAX_DEPTH + 1, "LIMIT_EXCEEDED"), (2_000, "LIMIT_EXCEEDED")],
)
@pytest.mark.parametrize("opening", ["[", '{"a":'])
async def test_a_body_may_not_be_nested_deeper_than_the_limit(
    depth: int, code: str, opening: str, alone: httpx.AsyncClient
) -> None:
    closing = "]" if opening == "[" else "}"
    inner = "" if opening == "[" else "1"
    _, problem = await send(alone, (opening * depth + inner + closing * depth).encode())
    assert problem["code"] == code


@pytest.mark.parametrize("size", [2049, 300_000])
async def test_a_body_may_not_be_longer_than_the_endpoint_says(size: int, alone: httpx.AsyncClient) -> None:
    status, problem = await send(alone, b" " * (size - 2) + b"{}")
    assert (status, problem["code"], problem["detail"]) == (
        413,
        "LIMIT_EXCEEDED",
        "Le corps doit tenir en 2048 octets.",
    )


def test_snake_case_inside_is_camel_case_outside() -> None:
    assert NewNote(title="a", price_cents=1).model_dump(by_alias=True)["priceCents"] == 1
