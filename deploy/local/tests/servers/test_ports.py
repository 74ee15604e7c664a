"""The ports of a platform: moved together, kept, or said to be wrong."""

import socket
from pathlib import Path

import pytest

from local_platform.platform.own_secrets import CONTEXTS
from local_platform.servers.ports import USUAL, Ports, free_ports, in_use
from local_platform.user_error import UserError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASS_PORT_BASE", "PASS_KAFKA", "PASS_SMTP", "PASS_ROUTER"):
        monkeypatch.delenv(name, raising=False)
    for context in CONTEXTS:
        monkeypatch.delenv(f"PASS_DATABASE_URL_{context.upper()}", raising=False)


def test_all_ports_move_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASS_PORT_BASE", "14000")
    ports = Ports.chosen(tmp_path / "ports.json")
    assert (ports["door"], ports["identity"], ports["postgres"]) == (14000, 14101, 15442)
    assert len(set(ports.of.values())) == len(USUAL)


def test_the_file_may_name_some_ports_only(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    assert Ports.chosen(file) == Ports.usual()
    file.write_text('{"door": 8080}')
    ports = Ports.chosen(file)
    assert (ports["door"], ports["identity"]) == (8080, 4101)
    ports.save(file)
    assert Ports.chosen(file) == ports


@pytest.mark.parametrize("content", ["[", "[]", '{"gateway": "x"}', '{"gatewai": 1}', '{"gateway": 70000}'])
def test_a_wrong_ports_file_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    with pytest.raises(UserError, match="does not hold ports"):
        Ports.chosen(file)


def test_two_parts_on_one_port_are_said(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    file.write_text('{"gateway": 4000}')
    with pytest.raises(UserError, match="one port for door and gateway"):
        Ports.chosen(file)


@pytest.mark.parametrize("base", ["x", "80", "65000", "-1"])
def test_a_wrong_port_base_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: str) -> None:
    monkeypatch.setenv("PASS_PORT_BASE", base)
    with pytest.raises(UserError, match="PASS_PORT_BASE"):
        Ports.chosen(tmp_path / "ports.json")


def test_free_ports_are_none_that_a_connection_could_be_given() -> None:
    """A server that was killed would find its port taken by whoever asked another for something meanwhile."""
    ports = [*free_ports(20), *free_ports(20)]
    assert len(set(ports)) == 40
    with socket.create_server(("127.0.0.1", 0)) as server:
        clients = [socket.create_connection(server.getsockname()) for _ in range(50)]
        taken = {client.getsockname()[1] for client in clients}
        for client in clients:
            client.close()
    assert max(ports) < min(taken)
    assert not any(map(in_use, ports))


def test_a_port_that_is_listened_on_is_not_free() -> None:
    (port,) = free_ports(1)
    assert not in_use(port)
    with socket.create_server(("127.0.0.1", port)):
        assert in_use(port)
