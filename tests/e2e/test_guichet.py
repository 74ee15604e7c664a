"""At the Guichet, a code that is not one's own is a code that does not exist."""

import pytest

from local_platform.demo.acting import bookings

from .asking import Asker
from .world import World

pytestmark = pytest.mark.platform

MALFORMED = ["", "ABC", "ABCDEFG", "ABC\0DE", "' OR 1=1", "🎟🎟🎟🎟🎟🎟", "A" * 10_000, "АВСDЕF"]
"""The last one is Cyrillic. All tests together stay below the 60 attempts a minute that a person has."""

UNKNOWN = ["ZZZZZZ"]

UNDO = """
mutation Undo($code: String!, $key: UUID!) {
  undoValidation(code: $code, idempotencyKey: $key) {
    ... on ValidationUndone { booking { id } }
    ... on Refusal { code message }
  }
}
"""


@pytest.mark.parametrize("document", [bookings.VALIDATE, UNDO], ids=["validating", "undoing"])
def test_malformed_unknown_and_foreign_get_one_answer(
    document: str, direct: Asker, world: World, nothing_written: None
) -> None:
    foreign = [world.of["otherCode"]]
    answers = [
        direct.ask(document, world.who["pro"], code=code).body for code in (*MALFORMED, *UNKNOWN, *foreign)
    ]
    assert all(answer == answers[0] for answer in answers)
    ((_, refusal),) = answers[0]["data"].items()
    assert refusal["code"] == "CONTREMARQUE_NOT_FOUND"


def test_looking_up_tells_no_more(direct: Asker, world: World) -> None:
    codes = (*MALFORMED, *UNKNOWN, world.of["otherCode"])
    answers = [direct.ask(bookings.CONTREMARQUE, world.who["pro"], code=code).body for code in codes]
    assert all(answer == {"data": {"contremarque": None}} for answer in answers)


def test_a_used_code_is_foreign_to_strangers_too(direct: Asker, world: World, nothing_written: None) -> None:
    reply = direct.ask(bookings.VALIDATE, world.who["other_pro"], code=world.of["usedCode"])
    assert reply.verdict == "CONTREMARQUE_NOT_FOUND"
