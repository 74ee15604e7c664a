"""The pages where the links of mails lead: one token, used once, and a password where one is asked for."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from local_platform.servers import node
from local_platform.servers.door import SOURCE

pytestmark = pytest.mark.servers

PASSWORD = "le bon mot de passe"
WITH_PASSWORD = {"confirmation": "confirmEmail", "new_password": "resetPassword"}
FIELDS = {
    **WITH_PASSWORD,
    "confirm_email_change": "confirmEmailChange",
    "cancel_email_change": "cancelEmailChange",
    "apply_email_change": "applyEmailChange",
    "report_sign_in": "reportSignIn",
}
"""Page → the field of its mutation."""

each_with_password = pytest.mark.parametrize("page", WITH_PASSWORD)
each_page = pytest.mark.parametrize("page", FIELDS)


class _Form(HTMLParser):
    """What the script reads of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.described: dict[str, str] = {}
        self.field: dict[str, str | None] = {}
        self.feed((SOURCE / "pages" / f"{page}.html").read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.described |= {
                name.removeprefix("data-"): str(value) for name, value in attrs if "data-" in name
            }
        if tag == "input":
            self.field = dict(attrs)
            self.described["name"] = str(self.field["name"])


def _press(page: str, search: str, answer: str) -> dict[str, Any]:
    """What the page's script does when its form is sent."""
    form = json.dumps(_Form(page).described)
    press, script = Path(__file__).parent / "press.mjs", SOURCE / "pages" / "link.js"
    command = [node.node(), press, script, form, search, PASSWORD, answer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _answered(page: str, **result: str) -> str:
    return json.dumps({"data": {FIELDS[page]: result}})


@each_page
def test_the_form_uses_token_and_password_and_takes_the_token_out_of_the_address(page: str) -> None:
    said = _press(page, "?token=a%2Bb", _answered(page, __typename="Done"))
    shown, (address, sent) = said["asked"]
    assert shown == ["shows", "/here"]
    assert address == "/graphql"
    assert sent["variables"].pop("token") == "a+b"
    typed = sent["variables"].pop(_Form(page).field.get("name"), None)
    assert typed == (PASSWORD if page in WITH_PASSWORD else None)
    assert (said["offered"], said["stays"], said["again"]) == (True, True, False)
    assert said["told"] == _Form(page).described["done"]


@each_page
def test_a_token_that_served_is_said_in_the_platforms_own_words(page: str) -> None:
    said = _press(page, "?token=x", _answered(page, __typename="InvalidToken", message="Ce lien a expiré."))
    assert (said["told"], said["again"]) == ("Ce lien a expiré.", False)


@each_with_password
def test_the_password_is_typed_hidden_and_may_be_pasted(page: str) -> None:
    field = _Form(page).field
    assert field["type"] == "password"
    assert field["autocomplete"] in {"current-password", "new-password"}
    written = (SOURCE / "pages" / f"{page}.html").read_text() + (SOURCE / "pages" / "link.js").read_text()
    assert not re.search(r"paste|maxlength|readonly", written, re.IGNORECASE)


@each_with_password
def test_another_password_may_be_typed(page: str) -> None:
    said = _press(page, "?token=x", _answered(page, __typename="WeakPassword", message="Pas celui-ci."))
    assert (said["told"], said["again"]) == ("Pas celui-ci.", True)


@each_page
def test_its_document_is_one_that_production_answers(page: str) -> None:
    sent = _press(page, "?token=x", "away")["asked"][1][1]
    manifest = json.loads((SOURCE.parent / "persisted" / "documents.json").read_text())
    assert sent.keys() == {"documentId", "variables"}
    (operation,) = parse(manifest[sent["documentId"]]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert FIELDS[page] in manifest[sent["documentId"]]
    names = {variable.variable.name.value for variable in operation.variable_definitions or ()}
    assert names == sent["variables"].keys()


@each_page
@pytest.mark.parametrize("answer", ["away", '{"errors": [{"message": "Le service redémarre : réessayez."}]}'])
def test_a_platform_that_is_away_can_be_asked_again(page: str, answer: str) -> None:
    said = _press(page, "?token=x", answer)
    assert "réessayez" in said["told"]
    assert said["again"]


@each_page
def test_a_link_without_its_token_asks_nothing(page: str) -> None:
    said = _press(page, "", "away")
    assert (said["asked"], said["offered"]) == ([], False)
    assert "incomplet" in said["told"]
