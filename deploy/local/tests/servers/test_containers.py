"""What a Docker engine is asked for; none is needed to ask."""

from typing import Any

import pytest

from local_platform.servers import containers
from local_platform.servers.ports import LOOPBACK


@pytest.mark.parametrize("kind", [containers.ContainerPostgres, containers.ContainerKafka])
def test_a_servers_port_is_published_on_this_machine_alone(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testcontainers.core.container.DockerClient", lambda **_: None)
    server = kind()
    (binding,) = server._container.ports.items()
    inside = 5432 if kind is containers.ContainerPostgres else server.port
    assert binding == (f"{inside}/tcp", (LOOPBACK, server.port))
