"""Documents made to be expensive or to guess: refused by either router, before a subgraph counts an attempt."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from .asking import Asker
from .databases import Databases, changed
from .world import World

pytestmark = pytest.mark.platform

TOO_MUCH = {
    "LIMIT_EXCEEDED",
    "MAX_DEPTH_EXCEEDED",
    "MAX_ALIASES_EXCEEDED",
    "MAX_DIRECTIVES_EXCEEDED",
    "TOKEN_LIMIT_EXCEEDED",
    "PAYLOAD_TOO_LARGE_CONTENT_LENGTH",
}

HOSTILE = {
    "200 sign-ins by aliases": "mutation { "
    + " ".join(f's{n}: signIn(email: "a{n}@b.example", password: "p") {{ __typename }}' for n in range(200))
    + " }",
    "21 sign-ins by aliases": "mutation { "
    + " ".join(f's{n}: signIn(email: "a@b.example", password: "{n}") {{ __typename }}' for n in range(21))
    + " }",
    "21 codes by aliases": "mutation { "
    + " ".join(
        f's{n}: answerStaffChallenge(challenge: "c", factor: TOTP, proof: "{n:06}") {{ __typename }}'
        for n in range(21)
    )
    + " }",
    "200 aliases of a list": "{ " + " ".join(f"o{n}: subcategories {{ id }}" for n in range(200)) + " }",
    "a deep question": "{ me { attachments { structure "
    + "{ venues { structure " * 4
    + "{ id }"
    + " } }" * 4
    + " } } }",
    "a deep question in fragments": "{ me { attachments { structure { ...f0 } } } } "
    + " ".join(f"fragment f{n} on Structure {{ venues {{ structure {{ ...f{n + 1} }} }} }}" for n in range(6))
    + " fragment f6 on Structure { id }",
    "one word, a thousand times": "{ me { " + "id " * 2_000 + "} }",
    "a hundred directives": "{ me { id " + "@include(if: true) " * 100 + "} }",
}


@pytest.fixture
async def nothing_heard(databases: Databases, at_rest: None) -> AsyncIterator[None]:
    """As `nothing_written`, and no attempt was counted either."""
    before = await databases.snapshot(leave_out=())
    yield
    assert changed(before, await databases.snapshot(leave_out=())) == {}


@pytest.mark.parametrize("what", HOSTILE)
def test_refused_before_anybody_hears_of_it(
    what: str, asker: Asker, world: World, nothing_heard: None
) -> None:
    reply = asker.ask(HOSTILE[what], world.who["beneficiary"])
    assert reply.body.get("data") is None
    assert reply.codes & TOO_MUCH, reply.body


@pytest.mark.parametrize("padding", [" " * 1_000_000, "#" + "x" * 1_000_000], ids=["blanks", "a comment"])
def test_a_question_of_a_megabyte_is_not_read(padding: str, asker: Asker, nothing_heard: None) -> None:
    content = json.dumps({"query": "{ me { id } }" + padding}).encode()
    try:
        reply = asker.send(content=content, headers={"content-type": "application/json"})
    except httpx.TransportError:
        return  # hung up in mid-sentence, which is a refusal too
    assert reply.status == 413
    assert reply.codes & TOO_MUCH


@pytest.mark.parametrize(
    ("what", "document"),
    [("half a document", "{ me { id "), ("nothing", ""), ("an unknown field", "{ me { passwordHash } }")],
)
def test_what_is_no_question_is_said_to_be_none(what: str, document: str, asker: Asker) -> None:
    reply = asker.ask(document)
    assert reply.body.get("data") is None
    assert reply.codes
    assert None not in reply.codes
    assert "None" not in reply.codes, "an error without a code"


@pytest.mark.parametrize("field", ["_entities(representations: []) { __typename }", "_service { sdl }"])
def test_what_routers_ask_subgraphs_is_not_for_clients(field: str, asker: Asker) -> None:
    reply = asker.ask(f"{{ {field} }}")
    assert reply.body.get("data") is None
    assert reply.codes
