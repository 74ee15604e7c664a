"""What somebody has to find out afterwards is on the logs of the platform: who, what, with what outcome."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from local_platform.demo.acting import people
from local_platform.demo.gateway_client import Failed, Refused
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from local_platform.user_error import UserError

from .ids import plain
from .world import World

pytestmark = pytest.mark.platform

Kept = Callable[[str], list[dict[str, Any]]]
STRUCTURE = "query ($id: ID!) { structure(id: $id) { id } }"
DECIDE = """
mutation ($id: ID!, $key: UUID!) {
  rejectStructure(structureId: $id, idempotencyKey: $key) { __typename ... on Refusal { code message } }
}
"""

CLOSE = """
mutation ($key: UUID!) { closeFortnight(lastDay: "2026-01-14", idempotencyKey: $key) { __typename } }
"""


@pytest.fixture
def kept(platform: Platform) -> Kept:
    """The security lines of a process since the test began."""
    logs = {part.name: part.daemon.log for part in platform.parts if part.name in ("identity", "finance")}
    begun = {name: log.stat().st_size for name, log in logs.items()}

    def lines(name: str) -> list[dict[str, Any]]:
        with logs[name].open() as log:
            log.seek(begun[name])
            shown = [json.loads(line) for line in log if line.startswith("{")]
        return [line for line in shown if line.get("event") == "security"]

    return lines


def test_a_wrong_password_is_told_without_the_address(scene: Scene, kept: Kept) -> None:
    address = f"{uuid4().hex}@jeune.example"
    with pytest.raises(UserError):
        people.sign_in(scene.client, address, "ce n'est pas le bon")
    (line,) = [line for line in kept("identity") if line["outcome"] == "refused"]
    assert (line["acts"], line["codes"], line["person"]) == (["signIn"], ["INVALID_CREDENTIALS"], None)
    assert len(line["place"]) == 16
    assert len(line["trace_id"]) == 32
    assert address not in json.dumps(kept("identity"))


def test_what_the_team_reads_and_decides_is_told(scene: Scene, world: World, kept: Kept) -> None:
    structure = world.of["structure"]
    scene.client.ask(STRUCTURE, scene.admin, id=structure)
    with pytest.raises(Refused) as refused:
        scene.client.act(DECIDE, scene.admin, id=structure)
    read, decided = [line for line in kept("identity") if plain(structure) in line["subjects"]]
    assert (read["kind"], read["acts"], read["outcome"]) == ("query", ["structure"], "done")
    assert (decided["kind"], decided["acts"]) == ("mutation", ["rejectStructure"])
    assert (decided["outcome"], decided["codes"]) == ("refused", [refused.value.code])
    assert {read["person"], decided["person"]} == {plain(scene.admin.person_id)}
    assert read["place"] == decided["place"]


def test_who_is_not_let_in_is_told_by_the_context_that_refused(
    scene: Scene, world: World, kept: Kept
) -> None:
    with pytest.raises(Failed):
        scene.client.act(CLOSE, world.who["pro"])
    (line,) = kept("finance")
    assert (line["kind"], line["acts"]) == ("mutation", ["closeFortnight"])
    assert (line["codes"], line["person"]) == (["FORBIDDEN"], plain(world.who["pro"].person_id))
