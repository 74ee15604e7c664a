"""For tests: does a REST API answer as its OpenAPI document says, whatever it is sent?

Schemathesis makes the requests and judges the answers; they are sent here, in the test's own event loop,
because the database's connections live in it. Hypothesis calls from a thread of its own meanwhile.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import hypothesis
import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from chassis.rest.callers import Scheme

load_all_checks()

_OTHERS = ("ignored_auth", "use_after_free", "ensure_resource_availability", "positive_data_acceptance")
"""Checks that ask again by themselves over a network, or take a refusal by the rules for one of the data."""

_EXCLUDED: Any = CHECKS.get_by_names([name for name in _OTHERS if name in CHECKS.get_all_names()])

_EXAMPLES = 25


async def statuses(
    document: dict[str, Any],
    http: httpx.AsyncClient,
    *,
    headers: Mapping[str, str],
    known: Mapping[str, Any],
    seconds: float = 240,
) -> Counter[tuple[str, int]]:
    """How often each operation answered with each status; fails the test on any answer that breaks the contract.

    Half the requests are what the document allows, half are not. `headers` recognise a caller, `known` are
    path parameters, by name, of things that exist: every other request is about them. The examples bound the
    work; `seconds` only end what would never: each operation has its share, what does not fit is left out.
    """
    loop = asyncio.get_running_loop()
    seen: Counter[tuple[str, int]] = Counter()
    ends_at = 0.0

    def send(request: requests.PreparedRequest) -> httpx.Response:
        url, body = str(request.url).removeprefix("http://rest"), request.body
        assert isinstance(body, bytes | str | None)
        sent = http.request(str(request.method), url, headers=_bytes(request.headers), content=body)
        return asyncio.run_coroutine_threadsafe(sent, loop).result(20)

    def judge(case: schemathesis.Case[Any], name: str, about_known: bool) -> None:
        if time.monotonic() > ends_at:
            return
        case.headers.update(headers)
        if about_known:
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        request = requests.Request(**case.as_transport_kwargs(base_url="http://rest")).prepare()
        response = send(request)
        seen[name, response.status_code] += 1
        case.validate_response(response, excluded_checks=_EXCLUDED)

    rounds = list(_rounds(document))
    for operation, mode in rounds:
        ends_at = time.monotonic() + seconds / len(rounds)
        await asyncio.to_thread(_try_out(operation, mode, judge))
    return seen


_Operation = APIOperation[Any, Any, Any, Any]


def _rounds(document: dict[str, Any]) -> Iterator[tuple[_Operation, GenerationMode]]:
    """What is sent: to each operation what it allows, and what it does not where it takes anything at all."""
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        yield operation, GenerationMode.POSITIVE
        if {"parameters", "requestBody"} & set(operation.definition.raw):
            yield operation, GenerationMode.NEGATIVE


def _bytes(headers: Mapping[str, str | bytes]) -> list[tuple[bytes, bytes]]:
    """Headers as a hostile client writes them: any byte that is one."""
    return [
        (name.encode("latin-1"), text if isinstance(text, bytes) else text.encode("latin-1"))
        for name, text in headers.items()
    ]


def _try_out(
    operation: _Operation,
    mode: GenerationMode,
    judge: Callable[[Any, str, bool], None],
) -> Callable[[], None]:
    name = str(operation.definition.raw["operationId"])

    @hypothesis.settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(mode), about_known=hypothesis.strategies.booleans())
    def attempt(case: schemathesis.Case[Any], about_known: bool) -> None:
        judge(case, name, about_known)

    return attempt


async def strangers_are_refused(document: dict[str, Any], http: httpx.AsyncClient) -> set[str]:
    """The operations that are for somebody in particular, each seen to answer 401 to whoever shows nothing."""
    closed = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["security"]:
                response = await http.request(method, path.replace("{", "").replace("}", ""))
                assert response.status_code == 401, (method, path, response.status_code)
                assert {*operation["security"][0]} <= {scheme.value for scheme in Scheme}
                closed.add(operation["operationId"])
    return closed
