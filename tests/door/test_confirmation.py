"""The page of the confirmation mail: one button, one token, used once."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local_platform.servers import node
from local_platform.servers.door import SOURCE

pytestmark = pytest.mark.servers


def _press(search: str, answer: str) -> dict[str, Any]:
    """What the page's script does when its button is pressed."""
    here = Path(__file__).parent
    command = [node.node(), here / "press.mjs", SOURCE / "pages" / "confirmation.js", search, answer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _confirmed(**result: str) -> str:
    return json.dumps({"data": {"confirmEmail": result}})


def test_the_button_uses_the_token_and_takes_it_out_of_the_address() -> None:
    said = _press("?token=a%2Bb", _confirmed(__typename="EmailConfirmed"))
    assert said["asked"] == [["shows", "/confirmation"], ["/graphql", {"token": "a+b"}]]
    assert (said["offered"], said["again"]) == (True, False)
    assert "confirmée" in said["told"]


def test_a_token_that_served_is_said_in_the_platforms_own_words() -> None:
    said = _press("?token=x", _confirmed(__typename="InvalidToken", message="Ce lien a expiré."))
    assert (said["told"], said["again"]) == ("Ce lien a expiré.", False)


@pytest.mark.parametrize("answer", ["away", '{"errors": [{"message": "Le service redémarre : réessayez."}]}'])
def test_a_platform_that_is_away_can_be_asked_again(answer: str) -> None:
    said = _press("?token=x", answer)
    assert "réessayez" in said["told"]
    assert said["again"]


def test_a_link_without_its_token_asks_nothing() -> None:
    said = _press("", "away")
    assert (said["asked"], said["offered"]) == ([], False)
    assert "incomplet" in said["told"]
