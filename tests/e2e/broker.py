"""The broker of the platform under test, which may be stopped and robbed."""

from typing import Protocol

import pytest

from local_platform.platform.platform import Platform
from local_platform.servers.parts import KafkaPart


class Broker(Protocol):
    def start(self) -> bool: ...

    def stop(self) -> bool: ...

    def forget(self) -> None:
        """Stop it and lose all it held."""


def broker_of(platform: Platform, request: pytest.FixtureRequest) -> Broker:
    """Its own, or the container that it was given."""
    if platform.external.kafka is not None:
        given: Broker = request.getfixturevalue("kafka_server")
        return given
    part = platform.part("kafka")
    assert isinstance(part, KafkaPart)
    return part.server
