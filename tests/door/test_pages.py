"""What a browser finds: pages in French where people arrive, and nothing that a foreign page could use."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from local_platform.servers import node
from local_platform.servers.door import SOURCE

from .conftest import Door

pytestmark = pytest.mark.servers

PAGES = SOURCE / "pages"
INLINE_OR_FOREIGN = re.compile(r"<script(?![^>]*src=)|<style|\son\w+=|style=|https?://")


def _page(answer: httpx.Response) -> str:
    """Its text, once it is found to be one of ours."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert '<html lang="fr">' in answer.text
    assert not INLINE_OR_FOREIGN.search(answer.text)
    for used in re.findall(r'(?:href|src)="(/pages/[^"]+)"', answer.text):
        assert (PAGES.parent / used.removeprefix("/")).exists(), used
    return answer.text


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/confirmation", "Confirmer mon adresse"),
        ("/nouveau-mot-de-passe", "Changer mon mot de passe"),
        ("/changement-adresse", "Accepter ce changement"),
        ("/changement-adresse/annulation", "Annuler ce changement"),
        ("/nouvelle-adresse", "Confirmer cette adresse"),
        ("/ce-n-etait-pas-moi", "Suspendre mon compte"),
    ],
)
def test_the_link_of_a_mail_leads_to_a_page_that_tells_what_to_do(
    production: Door, door: Door, path: str, button: str
) -> None:
    for each in (production, door):
        answer = each.get(f"{path}?token=abc")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer", "the token goes nowhere else"
        assert button in _page(answer)


def test_scripts_and_styles_are_served(door: Door) -> None:
    assert door.get("/pages/link.js").headers["content-type"].startswith("text/javascript")
    assert door.get("/pages/pass.css").headers["content-type"].startswith("text/css")


def test_what_is_not_there_is_a_page_too_for_a_browser(production: Door) -> None:
    answer = production.get("/nowhere", accept="text/html")
    assert answer.status_code == 404
    assert "Il n’y a rien à cette adresse." in _page(answer)


def test_the_first_page_says_where_to_go(door: Door, production: Door) -> None:
    assert "./pass accounts" in _page(door.get("/"))
    shown = _page(production.get("/"))
    assert "./pass" not in shown
    assert "pass Culture" in shown


def test_graphiql_is_shown_to_a_browser_in_development_only(door: Door, production: Door) -> None:
    shown = door.get("/graphql", accept="text/html")
    assert shown.status_code == 200
    assert "GraphiQL n’est pas là" in _page(shown), "this door was given none, and says so"
    assert production.get("/graphql", accept="text/html").status_code == 415


def test_graphiql_needs_nothing_of_others(tmp_path: Path) -> None:
    page = tmp_path / "graphiql.html"
    script = node.ensure_packages() / "door" / "graphiql.mjs"
    subprocess.run([node.node(), script, page], check=True)
    shown = page.read_text()
    assert not re.search(r'<(script|link)[^>]+(src|href)="(?!data:)', shown[:20_000])
    assert "searchOffers" in shown


REFUSED = {
    "a question in the address": ("GET", "/graphql?query={__typename}", {}, 415, "Content-Type"),
    "a form": (
        *("POST", "/graphql", {"content-type": "application/x-www-form-urlencoded"}),
        *(415, "GraphQL-Require-Preflight"),
    ),
    "plain text": ("POST", "/graphql", {"content-type": "text/plain"}, 415, "application/json"),
    "nothing said": ("POST", "/graphql", {}, 415, "Content-Type"),
    "no JSON wanted": (
        *("POST", "/graphql", {"content-type": "application/json", "accept": "text/plain"}),
        *(406, "Accept"),
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_request_says_which_header_it_wants(door: Door, kind: str) -> None:
    method, path, headers, status, wanted = REFUSED[kind]
    door.asked.clear()
    with httpx.Client() as client:
        del client.headers["accept"]
        answer = client.request(method, door.address + path, headers=headers, content=b"{}")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, "BAD_INPUT")
    assert wanted in error["message"]
    assert door.asked == []
