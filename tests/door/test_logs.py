"""One line a request: enough to find it by what the client saw, nothing of what it held."""

import json
import time
from typing import Any

import pytest

from .conftest import Door

pytestmark = pytest.mark.servers


def _lines(door: Door, trace: str) -> list[dict[str, Any]]:
    """The request's lines, once they are written."""
    time.sleep(0.2)
    return [json.loads(line) for line in door.log.read_text().splitlines() if trace in line]


def test_a_refusals_trace_is_found_with_its_status(door: Door) -> None:
    trace = door.post("/nowhere", content=b"{}").json()["traceId"]
    (line,) = _lines(door, trace)
    assert (line["service"], line["level"], line["status"], line["route"]) == ("door", "info", 404, "other")
    assert line["method"] == "POST"
    assert line["duration"] < 5


def test_an_answers_name_is_found(door: Door) -> None:
    name = door.post("/v2/bookings/token/CANARY", content=b"{}").headers["x-request-id"]
    (line,) = _lines(door, name)
    assert (line["status"], line["route"], line["trace_id"]) == (200, "/v2/*", name)


def test_no_path_query_header_body_nor_address_is_written(door: Door) -> None:
    secret = {
        "authorization": "Bearer canary",
        "cookie": "canary=1",
        "user-agent": "canary",
        "referer": "http://canary",
    }
    door.post("/v2/bookings/token/canary?token=canary", content=b'{"canary": 1}', headers=secret)
    door.get("/confirmation?token=canary", **secret)
    door.post("/canary?canary", content=b"canary")
    door.post("/graphql", content=bytes(300_000), headers=secret)
    time.sleep(0.2)
    written = door.log.read_text()
    assert "canary" not in written
    assert "127.0.0.1" not in [word for line in written.splitlines() for word in json.loads(line).values()]
    assert "client_ip" not in written
