"""A client has so long to say what it wants: the door does not wait for ever, nor do those behind it."""

import socket
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest

from .conftest import Door, before
from .doors import Upstream

HEAD = b"POST /graphql HTTP/1.1\r\nhost: door\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n"


@pytest.fixture(scope="module")
def hurried(behind: Mapping[str, Upstream], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    seconds = {"PASS_DOOR_HEADER_SECONDS": "1", "PASS_DOOR_BODY_SECONDS": "1"}
    yield from before(behind, tmp_path_factory.mktemp("door"), **seconds)


def connected(door: Door) -> socket.socket:
    where = urlsplit(door.address)
    return socket.create_connection((where.hostname, where.port), timeout=10)


@pytest.mark.parametrize("data", [b"POST /graphql HT", HEAD[:-2]], ids=["a line", "headers"])
def test_who_does_not_say_what_they_want_is_let_go(hurried: Door, data: bytes) -> None:
    with connected(hurried) as client:
        client.sendall(data)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert not answer.startswith(b"HTTP/1.1 2")


@pytest.mark.parametrize("begun", [b"", b"x" * 19], ids=["nothing of it", "most of it"])
def test_nobody_behind_the_door_waits_for_a_body_that_does_not_come(hurried: Door, begun: bytes) -> None:
    """Their connections are few and their work is dear; the door's own one is neither (../gateway/README.md)."""
    hurried.asked.clear()
    given_up = hurried.log.read_text().count('"status":499')
    with connected(hurried) as client:
        client.sendall(HEAD + begun)
        deadline = time.monotonic() + 9
        while hurried.log.read_text().count('"status":499') == given_up:
            assert time.monotonic() < deadline, "it is still waited for"
            time.sleep(0.05)
    assert hurried.asked == [], "nobody learnt of it"
    assert hurried.post(content=b"{}").status_code == 200, "and others are served"


def test_an_answer_may_take_longer_than_a_request(hurried: Door) -> None:
    assert len(list(hurried.events())) == 3
