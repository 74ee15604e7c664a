"""The manifest's documents are answered by their names; in production, no others are."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest

from local_platform.checks import documents
from local_platform.paths import ROOT
from local_platform.servers.ports import free_ports

from .routers import gateway

MANIFEST: dict[str, str] = json.loads(documents.MANIFEST.read_text())
NAMED = next(name for name, text in MANIFEST.items() if "query LastClosed" in text)
UNKNOWN = "query Unknown { __typename }"
ASKED_SUBGRAPHS = {"UNAVAILABLE", "SUBREQUEST_HTTP_ERROR"}
LACKS_VARIABLES = {"BAD_INPUT", "BAD_USER_INPUT"}

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def closed(router: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway as production starts it, over the real supergraph, none of whose subgraphs runs."""
    with _alone(router, tmp_path_factory, PASS_ENV="production") as url:
        yield url


@pytest.fixture(scope="module", params=[{}, {"PASS_ENV": "production", "PASS_DOCUMENTS": "any"}])
def opened(
    request: pytest.FixtureRequest, router: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The same where strangers bring documents of their own: in development, or because somebody said so."""
    with _alone(router, tmp_path_factory, **request.param) as url:
        yield url


def _alone(
    router: str, tmp_path_factory: pytest.TempPathFactory, **environment: str
) -> AbstractContextManager[str]:
    listed = json.loads((ROOT / "gateway" / "subgraphs.json").read_text())
    (nobody,) = free_ports(1)
    away = {entry["urlVariable"]: f"http://127.0.0.1:{nobody}/graphql" for entry in listed}
    return gateway(router, {**away, **environment}, tmp_path_factory.mktemp("documents") / f"{router}.log")


def _codes(url: str, **body: Any) -> set[str]:
    answer = httpx.post(url, json=body, timeout=30).json()
    return {error["extensions"]["code"] for error in answer["errors"]}


def test_the_committed_manifest_is_that_of_the_documents() -> None:
    assert documents.MANIFEST.read_text() == documents.manifest()
    assert all(documents.document_id(text) == name for name, text in MANIFEST.items())


def test_every_document_of_the_manifest_is_valid_and_within_the_limits(closed: str) -> None:
    for name, text in MANIFEST.items():
        assert _codes(closed, documentId=name) <= ASKED_SUBGRAPHS | LACKS_VARIABLES, text


def test_a_document_is_asked_by_its_name_in_either_way(closed: str) -> None:
    assert _codes(closed, documentId=NAMED) <= ASKED_SUBGRAPHS
    extension = {"persistedQuery": {"version": 1, "sha256Hash": NAMED}}
    assert _codes(closed, extensions=extension) <= ASKED_SUBGRAPHS


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ __typename }"},
        {"query": MANIFEST[NAMED]},
        {"query": "{ __typename }", "documentId": "0" * 64},
        {"documentId": "0" * 64},
        {"documentId": "../persisted/documents.json"},
        {"documentId": "__proto__"},
    ],
)
def test_any_other_document_is_refused(closed: str, body: dict[str, str]) -> None:
    assert _codes(closed, **body) <= {"PERSISTED_DOCUMENT_ID_REQUIRED", "PERSISTED_DOCUMENT_NOT_FOUND"}


def test_a_name_does_not_let_another_document_pass(closed: str) -> None:
    answer = httpx.post(closed, json={"documentId": NAMED, "query": "{ __typename }"}, timeout=30)
    assert "__typename" not in answer.text


def _automatic(text: str) -> dict[str, Any]:
    """What a client of automatic persisted queries sends first: the document's hash."""
    return {"persistedQuery": {"version": 1, "sha256Hash": documents.document_id(text)}}


def test_a_hash_that_is_unknown_is_asked_for_its_document_where_strangers_have_one(
    router: str, opened: str
) -> None:
    """In the words that Apollo's clients and their like wait for; they give up on any others."""
    answer = httpx.post(opened, json={"extensions": _automatic(UNKNOWN)}, timeout=30)
    (error,) = answer.json()["errors"]
    if (
        router == "hive-router"
    ):  # it has one answer for every name, and no setting changes it (gateway/README.md)
        assert error["extensions"]["code"] == "PERSISTED_DOCUMENT_NOT_FOUND"
        return
    assert answer.status_code == 200
    assert (error["message"], error["extensions"]["code"]) == (
        "PersistedQueryNotFound",
        "PERSISTED_QUERY_NOT_FOUND",
    )


def test_then_the_document_itself_is_answered(opened: str) -> None:
    answer = httpx.post(opened, json={"query": UNKNOWN, "extensions": _automatic(UNKNOWN)}, timeout=30)
    assert answer.json()["data"] == {"__typename": "Query"}


def test_a_name_of_our_own_manner_that_is_unknown_is_no_hash(opened: str) -> None:
    assert _codes(opened, documentId=documents.document_id(UNKNOWN)) == {"PERSISTED_DOCUMENT_NOT_FOUND"}


def test_in_production_nobody_is_asked_for_a_document(closed: str) -> None:
    assert _codes(closed, extensions=_automatic(UNKNOWN)) == {"PERSISTED_DOCUMENT_NOT_FOUND"}
