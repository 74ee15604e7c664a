"""The phone turns green when the till validates: through both routers, within a second, and after a tunnel too."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from local_platform.demo.acting import bookings
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.scene import Scene

from .asking import Asker, headers_of
from .books import on_sale
from .world import World

pytestmark = pytest.mark.platform

WATCH = """
subscription Watch($after: String) {
  bookingChanged(after: $after) { booking { id status contremarque offerName offer { name } } cursor }
}
"""
PATIENCE = 30.0
TRIES = 3
"""The promise is about the platform and not about what else the machine has to do: the best try counts."""

Changes = queue.Queue[dict[str, Any]]


@contextmanager
def watching(url: str, by: Session, after: str | None = None) -> Iterator[Changes]:
    """What a phone is told, message by message."""
    told: Changes = queue.Queue()
    left = threading.Event()
    headers = {**headers_of(by), "accept": "text/event-stream"}
    body = {"query": WATCH, "variables": {"after": after}}

    def read() -> None:
        with (
            suppress(httpx.TransportError),  # the platform ends before a phone that nobody looks at any more
            httpx.stream("POST", url, json=body, headers=headers, timeout=PATIENCE) as answer,
        ):
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    told.put(json.loads(line.removeprefix("data: ")))
                if left.is_set():
                    return

    threading.Thread(target=read, daemon=True).start()
    yield told
    left.set()


def change(told: Changes) -> dict[str, Any]:
    message = told.get(timeout=PATIENCE)
    assert not message.get("errors"), message
    found: dict[str, Any] = message["data"]["bookingChanged"]
    return found


def until(told: Changes, booking: str, status: str) -> dict[str, Any]:
    """The change that tells of this booking being so, and what came with it."""
    while True:
        found = change(told)
        if found["booking"] and (found["booking"]["id"], found["booking"]["status"]) == (booking, status):
            return found


def test_the_phone_turns_green_when_the_till_validates(asker: Asker, scene: Scene, world: World) -> None:
    young, pro = world.who["beneficiary"], world.who["pro"]
    lags = []
    with watching(asker.url, young) as told:
        assert change(told)["booking"] is None, "live"
        for _ in range(TRIES):
            book = on_sale(scene, world)
            booking = bookings.book(scene.client, young, book.stock)
            shown = until(told, booking["id"], "CONFIRMED")["booking"]
            assert (shown["contremarque"], shown["offerName"]) == (booking["contremarque"], book.title)
            assert shown["offer"] == {"name": book.title}
            began = time.monotonic()
            bookings.validate(scene.client, pro, booking["contremarque"])
            until(told, booking["id"], "USED")
            lags.append(time.monotonic() - began)
    assert min(lags) < 1


def test_what_happened_in_the_tunnel_is_told_after_it(asker: Asker, scene: Scene, world: World) -> None:
    young = world.who["beneficiary"]
    booking = bookings.book(scene.client, young, on_sale(scene, world).stock)
    with watching(asker.url, young) as told:
        cursor = change(told)["cursor"]
    bookings.validate(scene.client, world.who["pro"], booking["contremarque"])
    with watching(asker.url, young, after=cursor) as told:
        until(told, booking["id"], "USED")


def test_nobody_is_told_of_anothers_bookings(asker: Asker, scene: Scene, world: World) -> None:
    young, stranger = world.who["beneficiary"], world.who["other_beneficiary"]
    with watching(asker.url, stranger) as theirs, watching(asker.url, young) as mine:
        assert (change(theirs)["booking"], change(mine)["booking"]) == (None, None)
        booking = bookings.book(scene.client, young, on_sale(scene, world).stock)
        until(mine, booking["id"], "CONFIRMED")
        other = bookings.book(scene.client, stranger, on_sale(scene, world).stock)
        assert change(theirs)["booking"]["id"] == other["id"]
