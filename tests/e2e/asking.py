"""Asking a gateway once, and saying in one word what came of it."""

import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import uuid4

import httpx

from local_platform.demo.gateway_client import Session

GIVEN, NULL, EMPTY = "given", "null", "empty"
"""What a root field can answer besides a code: something, nothing, a list of nothing."""


@dataclass(frozen=True)
class Reply:
    """One response."""

    status: int
    body: Any

    @property
    def data(self) -> dict[str, Any]:
        """What was asked for; the whole response is shown when it holds an error."""
        assert not self.body.get("errors"), self.body
        data: dict[str, Any] = self.body["data"]
        return data

    @property
    def codes(self) -> set[str]:
        """The codes of the response's errors."""
        return {str(each.get("extensions", {}).get("code")) for each in self.body.get("errors") or ()}

    @property
    def verdict(self) -> str:
        """Of a document with one root field: an error's code, a refusal's code, or one of the words above."""
        if self.body.get("errors"):
            return min(self.codes)
        (found,) = self.body["data"].values()
        return _in_a_word(found)


def _in_a_word(found: object) -> str:
    if found is None:
        return NULL
    if isinstance(found, dict) and "code" in found:
        return str(found["code"])
    if isinstance(found, list) and found and set(map(str, found)) == {"None"}:
        return NULL  # as many as were asked for, and none is there
    rows = found.get("edges") if isinstance(found, dict) else found
    return EMPTY if rows == [] else GIVEN


class Asker:
    """A client that tries once and takes any answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(timeout=60)

    def close(self) -> None:
        self._http.close()

    def ask(self, document: str, by: Session | None = None, **variables: Any) -> Reply:
        """Send it as this person. A variable `key` of the document is made here unless given."""
        if "$key:" in document:
            variables.setdefault("key", str(uuid4()))
        body = {"query": document, "variables": variables}
        if document.startswith("subscription"):
            return self._first_event(body, headers_of(by))
        return self.send(json=body, headers=headers_of(by))

    def _first_event(self, body: Any, headers: dict[str, str]) -> Reply:
        """The first message of a subscription, which is then left."""
        headers["accept"] = "text/event-stream"
        with self._http.stream("POST", self.url, json=body, headers=headers) as response:
            for line in response.iter_lines():
                if line.startswith("data: "):
                    return Reply(response.status_code, json.loads(line.removeprefix("data: ")))
        return Reply(response.status_code, {"errors": [{"message": "no event"}]})

    def send(self, **request: Any) -> Reply:
        """Any POST that httpx can make."""
        response = self._http.post(self.url, **request)
        try:
            return Reply(response.status_code, response.json())
        except ValueError:
            return Reply(response.status_code, {"errors": [{"message": response.text}]})


def headers_of(by: Session | None) -> dict[str, str]:
    """Who asks, and on which day of business."""
    headers = {"x-request-id": uuid4().hex}
    if by and by.token:
        headers["authorization"] = f"Bearer {by.token}"
    if by and by.at:
        headers["x-pass-clock"] = by.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return headers
