"""Where a path leads, how much may be sent there, and what is nobody's."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from local_platform.servers.door import SOURCE

from .conftest import Door

pytestmark = pytest.mark.servers

ROUTE = re.compile(r"^import route (\S+) +(\w+) +(\d+)$", re.MULTILINE)
ROUTES = ROUTE.findall((SOURCE / "routes.caddy").read_text())
A_BEGINNING = 300_000  # what Go's server reads before it answers, and a little more
OWNERS = {"/graphql": "gateway", **{prefix: context for prefix, context, *_ in ROUTES}}
LIMITS = {"/graphql": 256 * 1024} | {prefix: int(size) for prefix, _, size in ROUTES}


def _somewhere(prefix: str) -> str:
    return prefix.replace("*", "somewhere")


def test_the_table_gives_each_prefix_to_the_context_that_has_its_rules() -> None:
    assert {
        "/.well-known/jwks.json": "identity",
        "/v2/*": "booking",
        "/public/bookings/*": "booking",
        "/public/offers/*": "catalog",
    }.items() <= OWNERS.items()
    files = {prefix: owner for prefix, owner in OWNERS.items() if prefix.startswith("/files/")}
    assert files == {f"/files/{owner}/*": owner for owner in files.values()}


@pytest.mark.parametrize("prefix", LIMITS)
def test_each_prefix_leads_to_its_owner(door: Door, prefix: str) -> None:
    answer = door.post(_somewhere(prefix), content=b"{}")
    assert answer.json() == {"by": OWNERS[prefix], "path": _somewhere(prefix), "received": 2, "filling": ""}


@pytest.mark.parametrize("prefix", LIMITS)
def test_a_body_is_taken_up_to_the_limit_of_its_path(door: Door, prefix: str) -> None:
    path, limit = _somewhere(prefix), LIMITS[prefix]
    assert door.post(path, content=bytes(limit)).json()["received"] == limit
    refused = door.post(path, content=bytes(limit + 1))
    assert refused.status_code == 413
    assert "LIMIT_EXCEEDED" in refused.text


@pytest.mark.parametrize("prefix", LIMITS)
def test_a_body_that_says_it_is_too_long_is_refused_before_anybody_is_asked(door: Door, prefix: str) -> None:
    """Who hangs up in the middle of it behind the door would be told as « the service is away »."""
    door.asked.clear()
    host, port = door.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        client.sendall(
            f"POST {_somewhere(prefix)} HTTP/1.1\r\nHost: door\r\nContent-Type: application/json\r\n"
            f"Content-Length: {LIMITS[prefix] + 10**6}\r\n\r\n".encode()
        )
        client.sendall(bytes(A_BEGINNING))
        assert client.recv(12) == b"HTTP/1.1 413"
    assert door.asked == []


@pytest.mark.parametrize("prefix", ["/graphql", "/v2/*"])
def test_a_body_that_does_not_say_its_length_is_limited_all_the_same(door: Door, prefix: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(LIMITS[prefix] // 1000 + 2):
            yield bytes(1000)

    refused = door.post(_somewhere(prefix), content=endless())
    assert refused.status_code == 413
    assert "LIMIT_EXCEEDED" in refused.text


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/healthz/x", "/v2/../metrics", "/v2/..%2fmetrics", "/v2/%2e%2e/metrics", "//metrics", "/graphql/x",
     "/files/other/x", "/pages/../Caddyfile", "/pages/..%2f..%2frouter.yaml"],
)  # fmt: skip
def test_what_is_not_listed_is_nobodys(door: Door, path: str) -> None:
    door.asked.clear()
    answer = door.get(path)
    assert (answer.status_code, door.asked) == (404, [])
    assert answer.json()["code"] == "NOT_FOUND"
    assert answer.headers["content-type"] == "application/problem+json"


def test_large_answers_are_compressed_for_who_can_read_them(door: Door) -> None:
    def asked(encoding: str, size: int) -> tuple[str, int]:
        answer = door.post(f"/graphql?answer={size}", content=b"{}", headers={"accept-encoding": encoding})
        assert answer.json()["filling"] == "culture " * size
        return answer.headers.get("content-encoding", ""), int(answer.headers.get("content-length", 0))

    assert asked("gzip", 1000)[0] == "gzip"
    assert asked("gzip", 1000)[1] < 1000
    assert asked("identity", 1000)[0] == ""
    assert asked("gzip", 1)[0] == "", "not worth it"


def test_nothing_says_what_the_door_is_made_of(door: Door) -> None:
    for answer in (door.post(content=b"{}"), door.get("/nowhere"), door.get("/confirmation")):
        assert not {"server", "via"} & set(answer.headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-request-id"]


def test_no_folder_is_listed(door: Door, production: Door) -> None:
    for each in (door, production):
        for path in ("/pages", "/pages/", "/pages/.", "/pages//"):
            answer = each.get(path)
            assert answer.status_code in {200, 404, 308}, path
            assert "link.js" not in answer.text


@pytest.mark.parametrize(
    "path", ["/graphql", "/v2/bookings", "/files/booking/x", "/pages/pass.css", "/", "/healthz"]
)
def test_nothing_is_traced_back(door: Door, path: str) -> None:
    """TRACE would show a script what a browser sends for it: cookies and tokens."""
    secret = {"authorization": "Bearer canary", "x-canary": "canary"}
    answer = httpx.request("TRACE", f"{door.address}{path}", headers=secret)
    assert "canary" not in answer.text
    assert answer.headers.get("content-type") != "message/http"


def test_no_answer_to_a_question_is_kept(door: Door) -> None:
    for answer in (door.post(content=b"{}"), door.post(content=b"x" * 400_000), door.get("/graphql")):
        assert answer.headers["cache-control"] == "no-store"


def test_no_answer_may_be_shown_within_a_page(door: Door) -> None:
    for path in ("/graphql", "/v2/anything", "/nowhere", "/confirmation", "/healthz", "/"):
        policies = door.get(path).headers.get_list("content-security-policy")
        assert len(policies) == 1, path
        assert "frame-ancestors 'none'" in policies[0], path
        assert policies[0].startswith("default-src"), path


@pytest.mark.parametrize(
    "framing",
    [
        b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n",
        b"content-length: 2\r\ncontent-length: 40\r\n\r\n{}",
        b"content-length: 2, 40\r\n\r\n{}",
        b"content-length: +2\r\n\r\n{}",
        b"content-length: 0x2\r\n\r\n{}",
        b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        b"content-length: 2\n\n{}",
    ],
)
def test_a_request_has_one_length_for_all(door: Door, framing: bytes) -> None:
    """What follows one request is never carried to who stands behind as a part, or a fellow, of it."""
    door.asked.clear()
    head = b"POST /graphql HTTP/1.1\r\nhost: door\r\ncontent-type: application/json\r\n"
    where = urlsplit(door.address)
    with socket.create_connection((where.hostname, where.port), timeout=10) as client:
        # A client that closes its half would be taken for gone: what it asked may be carried on, and not answered.
        client.sendall(head + framing + head + b"connection: close\r\ncontent-length: 2\r\n\r\n{}")
        told = b"".join(iter(lambda: client.recv(65536), b""))
    assert len(door.asked) <= told.count(b"HTTP/1.1 "), "each that reached somebody was answered as itself"
