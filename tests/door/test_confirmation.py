"""The page of the confirmation mail: one token, used once, and the password of its form."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from local_platform.servers import node
from local_platform.servers.door import SOURCE

pytestmark = pytest.mark.servers


PASSWORD = "le bon mot de passe"


def _press(search: str, answer: str) -> dict[str, Any]:
    """What the page's script does when its form is sent."""
    here = Path(__file__).parent
    command = [
        node.node(),
        here / "press.mjs",
        SOURCE / "pages" / "confirmation.js",
        search,
        PASSWORD,
        answer,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _confirmed(**result: str) -> str:
    return json.dumps({"data": {"confirmEmail": result}})


def test_the_form_uses_token_and_password_and_takes_the_token_out_of_the_address() -> None:
    said = _press("?token=a%2Bb", _confirmed(__typename="EmailConfirmed"))
    shown, (address, sent) = said["asked"]
    assert shown == ["shows", "/confirmation"]
    assert (address, sent["variables"]) == ("/graphql", {"token": "a+b", "password": PASSWORD})
    assert (said["offered"], said["stays"], said["again"]) == (True, True, False)
    assert "confirmée" in said["told"]


def test_a_token_that_served_is_said_in_the_platforms_own_words() -> None:
    said = _press("?token=x", _confirmed(__typename="InvalidToken", message="Ce lien a expiré."))
    assert (said["told"], said["again"]) == ("Ce lien a expiré.", False)


def test_the_password_is_typed_hidden_and_may_be_pasted() -> None:
    page = (SOURCE / "pages" / "confirmation.html").read_text()
    (field,) = re.findall(r"<input [^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    script = (SOURCE / "pages" / "confirmation.js").read_text()
    assert not re.search(r"paste|maxlength|readonly", page + script, re.IGNORECASE)


def test_a_wrong_password_may_be_typed_again() -> None:
    said = _press("?token=x", _confirmed(__typename="InvalidCredentials", message="Mot de passe incorrect."))
    assert (said["told"], said["again"]) == ("Mot de passe incorrect.", True)


def test_its_document_is_one_that_production_answers() -> None:
    sent = _press("?token=x", "away")["asked"][1][1]
    manifest = json.loads((SOURCE.parent / "persisted" / "documents.json").read_text())
    assert sent.keys() == {"documentId", "variables"}
    (operation,) = parse(manifest[sent["documentId"]]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    names = {variable.variable.name.value for variable in operation.variable_definitions or ()}
    assert names == sent["variables"].keys()


@pytest.mark.parametrize("answer", ["away", '{"errors": [{"message": "Le service redémarre : réessayez."}]}'])
def test_a_platform_that_is_away_can_be_asked_again(answer: str) -> None:
    said = _press("?token=x", answer)
    assert "réessayez" in said["told"]
    assert said["again"]


def test_a_link_without_its_token_asks_nothing() -> None:
    said = _press("", "away")
    assert (said["asked"], said["offered"]) == ([], False)
    assert "incomplet" in said["told"]
