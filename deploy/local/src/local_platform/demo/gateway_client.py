"""A client of the gateway like any other: GraphQL over HTTP, a token, an idempotency key."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from local_platform.user_error import UserError

PATIENCE = 120.0
"""Seconds to go on trying while the platform, or a part of it, is down."""

PASSING = frozenset(
    {
        "UNAVAILABLE",
        "GATEWAY_TIMEOUT",
        "SUBREQUEST_HTTP_ERROR",
        "SUBREQUEST_MALFORMED_RESPONSE",
        "SUBGRAPH_REQUEST_TIMEOUT",
        "SUBGRAPH_RESPONSE_BODY_EMPTY",
        "SUBGRAPH_RESPONSE_BODY_READ_FAILURE",
    }
)
"""What services and both routers answer while something behind them is down, or dies as it answers."""

Watch = Callable[[str, Mapping[str, Any], Mapping[str, Any]], None]
"""Told of each request and its answer: the document, the variables, the whole response."""

Waiting = Callable[[str], None]
"""Told that the platform does not answer, and why, each time it is tried again."""


@dataclass
class Session:
    """Somebody signed in, or nobody; the business clock where they stand (None: now)."""

    token: str | None = None
    at: datetime | None = None
    person_id: str = ""

    def on(self, moment: datetime | None) -> "Session":
        """The same person at another moment of business."""
        return replace(self, at=moment)


@dataclass
class Refused(UserError):
    """A mutation answered with a refusal."""

    code: str = ""


@dataclass
class Failed(UserError):
    """The platform answered with errors; `code` is the first one's."""

    code: str = ""


class GatewayClient:
    """Asks, tries again while a part of the platform is down, and fails on anything unexpected.

    Every mutation is sent with the same idempotency key each time it is tried: it has one effect.
    """

    def __init__(
        self,
        url: str,
        watch: Watch = lambda document, variables, answer: None,
        waiting: Waiting = lambda why: None,
    ) -> None:
        self._url = url
        self._watch = watch
        self._waiting = waiting
        self._http = httpx.Client(timeout=30)
        self.tries = 0
        """How often the last request had to be sent."""

    def close(self) -> None:
        self._http.close()

    def ask(self, document: str, session: Session | None = None, **variables: Any) -> dict[str, Any]:
        """The response's data. Raises Failed for errors, with the first one's sentence."""
        answer = self.answer(document, session, **variables)
        if answer.get("errors"):
            first = answer["errors"][0]
            code = first.get("extensions", {}).get("code", "")
            sentence = f"The platform answered with an error: {first['message']} {code}".strip()
            raise Failed(sentence, code=code)
        data: dict[str, Any] = answer["data"]
        return data

    def act(self, document: str, session: Session | None = None, **variables: Any) -> dict[str, Any]:
        """Run a mutation with one root field under a new idempotency key; what that field gives.

        Raises Refused when that is a refusal.
        """
        data = self.ask(document, session, key=str(uuid4()), **variables)
        ((field, result),) = data.items()
        whole: dict[str, Any] = result
        if "code" in whole:
            raise Refused(f"{field} was refused: {whole['message']}", code=whole["code"])
        return whole

    def answer(self, document: str, session: Session | None = None, **variables: Any) -> dict[str, Any]:
        """The whole response, whatever it says. Raises UserError when nothing answers for long."""
        deadline = time.monotonic() + PATIENCE
        self.tries = 0
        while True:
            self.tries += 1
            answer, passing = self._try(document, session or Session(), variables)
            if passing is None:
                self._watch(document, variables, answer)
                return answer
            if time.monotonic() > deadline:
                raise UserError(
                    f"The platform does not answer: {passing}.", "Start what is missing with ./pass up."
                )
            self._waiting(passing)
            time.sleep(0.5)

    def _try(
        self, document: str, session: Session, variables: Mapping[str, Any]
    ) -> tuple[dict[str, Any], str | None]:
        """The response, and why it is worth trying again (None: it is not)."""
        headers = {"x-request-id": uuid4().hex}
        if session.token:
            headers["authorization"] = f"Bearer {session.token}"
        if session.at:
            headers["x-pass-clock"] = session.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        try:
            response = self._http.post(
                self._url, json={"query": document, "variables": dict(variables)}, headers=headers
            )
            answer: dict[str, Any] = response.json()
        except httpx.TransportError as error:
            return {}, f"{self._url} {type(error).__name__}"
        except ValueError:
            return {}, f"{self._url} answers {response.status_code}"
        return answer, _passing_error(answer)


def _passing_error(answer: Mapping[str, Any]) -> str | None:
    """The first error that a part being down explains; None when there is none."""
    for error in answer.get("errors") or ():
        code = str(error.get("extensions", {}).get("code", ""))
        if code in PASSING:
            return f"{error['message']} ({code})"
    return None
