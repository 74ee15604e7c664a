"""The client: one per process, closed with it."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

import httpcore
import httpx
from prometheus_client import Histogram
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_any,
    retry_if_exception_type,
    retry_if_result,
)

from chassis.outbound.answer import Answer
from chassis.outbound.circuits import Circuits
from chassis.outbound.errors import (
    AnswerTooLarge,
    OutboundError,
    TargetRefused,
    TimedOut,
    TooBusy,
    Unreachable,
    UnusableAnswer,
)
from chassis.outbound.network import CheckedNetwork, CheckedTransport, Resolve, system_resolve
from chassis.outbound.settings import OutboundRules
from chassis.outbound.targets import origin_of, target
from chassis.telemetry import log, traceparent

SECONDS = Histogram(
    "outbound_request_seconds",
    "Requests to servers of others, tries and pauses included",
    ["partner", "outcome"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)

Sign = Callable[[bytes], Mapping[str, str]]
"""Headers that sign a body; called for each try, so that its timestamp is of that try."""

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_FOLLOWED: Final = frozenset({"GET", "HEAD"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({429, 502, 503, 504})
_SECONDS_ASKED_AT_MOST: Final = 5.0
_HANDED_TO_OTHER_HOSTS: Final = frozenset({"accept", "accept-language", "user-agent", "traceparent"})


class Outbound:
    """Asks servers of others. Safe to use from many tasks at once."""

    def __init__(
        self,
        rules: OutboundRules,
        *,
        resolve: Resolve = system_resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._circuits = Circuits(rules, monotonic)
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(CheckedNetwork(rules, resolve, network), tls),
            timeout=httpx.Timeout(rules.read_seconds, connect=rules.connect_seconds),
            trust_env=False,
            follow_redirects=False,
            headers={"user-agent": "pass-culture/1", "accept-encoding": "identity"},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def request(
        self,
        method: str,
        address: str,
        *,
        partner: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        sign: Sign | None = None,
        idempotent: bool | None = None,
        max_answer_bytes: int | None = None,
    ) -> Answer:
        """The answer, whatever its status. Raises OutboundError.

        `partner` names whom we deal with in metrics and logs: a word of ours, never a host that
        somebody typed. `idempotent` says of a POST that doing it twice is doing it once (it carries
        a key, say): only then is it tried again. Redirects of GET and HEAD are followed, those of
        others are the answer.
        """
        started = time.perf_counter()
        outcome, status, tries = "cancelled", None, 0
        again = method in _IDEMPOTENT if idempotent is None else idempotent
        deadline = asyncio.get_running_loop().time() + self._rules.total_seconds

        async def once() -> Answer:
            nonlocal tries
            tries += 1
            return await self._follow(method, address, partner, headers or {}, body, sign, deadline, limit)

        limit = max_answer_bytes or self._rules.max_answer_bytes
        try:
            answer: Answer = await self._retrying(again, deadline)(once)
            outcome, status = _outcome(answer.status), answer.status
            return Answer(answer.status, answer.headers, answer.body, tries)
        except OutboundError as error:
            outcome = error.outcome
            raise
        except Exception:
            outcome = "bug"
            raise
        finally:
            seconds = time.perf_counter() - started
            SECONDS.labels(partner, outcome).observe(seconds)
            log.info(
                "outbound.request",
                partner=partner,
                method=method,
                outcome=outcome,
                status=status,
                tries=tries,
                milliseconds=round(seconds * 1000),
            )

    def _retrying(self, again: bool, deadline: float) -> AsyncRetrying:
        loop = asyncio.get_running_loop()
        most = self._rules.tries if again else 1

        def enough(state: RetryCallState) -> bool:
            return state.attempt_number >= most or loop.time() + state.upcoming_sleep >= deadline

        return AsyncRetrying(
            stop=enough,
            wait=self._pause,
            retry=retry_any(
                retry_if_exception_type((Unreachable, TimedOut)),
                retry_if_result(lambda answer: answer.status in _PASSING),
            ),
            sleep=asyncio.sleep,
            retry_error_callback=_last,
        )

    def _pause(self, state: RetryCallState) -> float:
        """Seconds before the next try: any up to a bound that doubles, at least what the server asks for."""
        jittered = random.uniform(0, self._rules.pause_seconds * 2 ** (state.attempt_number - 1))
        asked = 0.0
        if state.outcome is not None and not state.outcome.failed:
            after = state.outcome.result().headers.get("retry-after", "")
            asked = float(after) if after.isascii() and after.isdigit() else 0.0
        return jittered + min(asked, max(_SECONDS_ASKED_AT_MOST, self._rules.total_seconds))

    async def _follow(
        self,
        method: str,
        address: str,
        partner: str,
        headers: Mapping[str, str],
        body: bytes,
        sign: Sign | None,
        deadline: float,
        limit: int,
    ) -> Answer:
        url = target(address, self._rules)
        sent = {"traceparent": traceparent(), **{name.lower(): value for name, value in headers.items()}}
        for _ in range(self._rules.max_redirects + 1):
            signed = {**sent, **(sign(body) if sign else {})}
            request = self._client.build_request(method, url, headers=signed, content=body)
            answer = await self._ask(request, partner, deadline, limit)
            if answer.status not in _REDIRECTS or method not in _FOLLOWED:
                return answer
            onwards = _onwards(url, answer, self._rules)
            if origin_of(onwards) != origin_of(url):
                # What the caller says to one server (keys, signatures) is nobody else's.
                sent = {name: value for name, value in sent.items() if name in _HANDED_TO_OTHER_HOSTS}
                sign = None
            url = onwards
        raise UnusableAnswer("redirected too often")

    async def _ask(self, request: httpx.Request, partner: str, deadline: float, limit: int) -> Answer:
        with self._circuits.guard(origin_of(request.url), partner) as this:
            try:
                async with asyncio.timeout_at(deadline), self._translated():
                    answer = await self._read(request, limit)
            except (Unreachable, TimedOut, UnusableAnswer):
                this.failed()
                raise
            except AnswerTooLarge:
                this.answered()
                raise
            except TimeoutError:
                this.failed()
                raise TimedOut("all of it took too long") from None
            if answer.status >= 500:
                this.failed()
            else:
                this.answered()
            return answer

    async def _read(self, request: httpx.Request, limit: int) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
                # Not asked for; a few bytes could unpack to anything.
                raise UnusableAnswer("the answer is encoded")
            length = response.headers.get("content-length", "0")
            if request.method != "HEAD" and length.isascii() and length.isdigit() and int(length) > limit:
                raise AnswerTooLarge("longer than allowed")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > limit:
                    raise AnswerTooLarge("longer than allowed")
            return Answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator[None]:
        """httpx's errors as ours, without their texts, which quote addresses."""
        try:
            yield
        except httpx.PoolTimeout:
            raise TooBusy("no connection was free in time") from None
        except httpx.TimeoutException:
            raise TimedOut("no bytes in time") from None
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            raise Unreachable("the connection broke, or spoke no HTTP") from None
        except httpx.TransportError:
            raise Unreachable("no connection, or it broke") from None


def _onwards(url: httpx.URL, answer: Answer, rules: OutboundRules) -> httpx.URL:
    """Where an answer sends to. Raises UnusableAnswer, TargetRefused."""
    location = answer.headers.get("location", "")
    if not location or "\\" in location:
        raise UnusableAnswer("redirected to nowhere")
    try:
        onwards = target(str(url.join(location).copy_with(fragment=None)), rules)
    except (httpx.InvalidURL, ValueError):
        raise TargetRefused("redirected to no address") from None
    if url.scheme == "https" and onwards.scheme == "http":
        raise TargetRefused("redirected from https to http")
    return onwards


def _last(state: RetryCallState) -> Answer:
    """The last answer, or its error, once there are no tries left."""
    assert state.outcome is not None
    answer: Answer = state.outcome.result()
    return answer


def _outcome(status: int) -> str:
    if status >= 500:
        return "server_error"
    return "client_error" if status >= 400 else "ok"
