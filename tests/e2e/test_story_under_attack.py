"""The whole story is played while the whole corpus of hostile requests is sent to the same door, again and again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from local_platform.platform.platform import Platform
from tests.security.corpus import corpus

from .performance import perform

pytestmark = pytest.mark.platform


@contextmanager
def attacked(door: str) -> Iterator[threading.Event]:
    """One attacker, who does not wait between two requests, until the end of the block.

    The event is set once the whole corpus was sent.
    """
    whole, stop = threading.Event(), threading.Event()

    def rage() -> None:
        with httpx.Client(timeout=30) as client:
            while not stop.is_set():
                for _, hostile in corpus():
                    if stop.is_set():
                        return
                    try:
                        client.request(
                            hostile.method,
                            door + hostile.parameters,
                            content=hostile.body,
                            headers=hostile.headers,
                        )
                    except httpx.TransportError:
                        continue  # hung up on us
                whole.set()

    attacker = threading.Thread(target=rage)
    attacker.start()
    try:
        yield whole
    finally:
        stop.set()
        attacker.join()


def test_it_goes_as_told_meanwhile(platform: Platform) -> None:
    with attacked(platform.url) as whole:
        performance = perform(platform, platform.url)
        assert whole.wait(120), "the attack was not over in two minutes"
    assert performance.gave("closeFortnight"), "the story was told to its end"
    assert httpx.get(platform.url.replace("/graphql", "/readyz"), timeout=10).status_code == 200
