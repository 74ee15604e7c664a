"""Whatever is away, the client is told one thing: come back in a moment. And nobody is sent to who is not ready."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from .conftest import BEHIND, Door, before
from .doors import Upstream, upstream

pytestmark = pytest.mark.servers

NOWHERE = "127.0.0.1:9"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """A door and servers of this test's own, to be taken away; nobody answers for finance."""
    with ExitStack() as stack:
        seen: list[dict[str, list[str]]] = []
        behind: Mapping[str, Upstream] = {name: stack.enter_context(upstream(name, seen)) for name in BEHIND}
        yield from before(behind, tmp_path, PASS_DOOR_FINANCE=NOWHERE)


def _soon(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _says_come_back(answer: httpx.Response) -> bool:
    if answer.status_code != 503:
        return False
    assert answer.headers["retry-after"] == "1"
    body = answer.json()
    told = body["errors"][0]["extensions"] if "errors" in body else body
    assert told["code"] == "UNAVAILABLE"
    assert len(told["traceId"]) == 32
    return True


def test_one_code_whichever_part_is_away(own: Door) -> None:
    assert _says_come_back(own.post("/files/finance/virements", content=b"{}")), "nobody listens there"
    assert _says_come_back(own.post("/graphql?starting", content=b"{}")), "a router without its supergraph"
    assert own.post("/files/booking/x", content=b"{}").status_code == 200, "the others are served"


def test_nobody_is_sent_to_a_gateway_that_is_not_ready(own: Door) -> None:
    gateway = own.behind["gateway"]
    gateway.ready = False
    _soon(lambda: _says_come_back(own.post(content=b"{}")))
    assert own.get("/readyz").status_code == 503, "and whoever asks the door learns it"
    own.asked.clear()
    for _ in range(10):
        assert _says_come_back(own.post(content=b"{}"))
    assert own.asked == []
    gateway.ready = True
    _soon(lambda: own.post(content=b"{}").status_code == 200)
    assert own.get("/readyz").status_code == 200


def test_a_context_that_is_not_ready_costs_its_own_paths_only(own: Door) -> None:
    own.behind["booking"].ready = False
    _soon(lambda: _says_come_back(own.post("/v2/bookings", content=b"{}")))
    assert own.post("/public/offers/v1", content=b"{}").status_code == 200
    assert own.post(content=b"{}").status_code == 200


def test_an_outage_writes_one_line_a_request_and_no_more(own: Door) -> None:
    own.behind["gateway"].ready = False
    _soon(lambda: _says_come_back(own.post(content=b"{}")))
    time.sleep(0.2)
    written = len(own.log.read_text().splitlines())
    time.sleep(2)
    for _ in range(5):
        own.post(content=b"{}")
    time.sleep(0.2)
    assert len(own.log.read_text().splitlines()) - written == 5


def test_events_are_handed_on_as_they_happen(door: Door) -> None:
    """The next one is not sent before the one before it was heard: a door that gathered them would wait for ever."""
    gateway = door.behind["gateway"]
    gateway.heard = 0
    try:
        for _ in door.events("?quick"):
            gateway.heard += 1
        assert gateway.heard == 3
    finally:
        gateway.heard = math.inf


def test_an_answer_given_before_the_request_was_read_arrives_whole(door: Door) -> None:
    """A refusal, or a subscription's first event, may be quicker than the last byte of what it answers."""
    with ThreadPoolExecutor(4) as pool:
        heard = pool.map(lambda _: len(list(door.events("?quick"))), range(200))
        assert list(heard) == [3] * 200
