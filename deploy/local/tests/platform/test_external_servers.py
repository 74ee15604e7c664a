"""Servers that the environment names stand in the place of our own."""

import stat
from pathlib import Path

import pytest

from local_platform.platform.external_servers import ExternalServers
from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers.ports import Ports


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASS_PORT_BASE", "PASS_KAFKA", "PASS_SMTP", "PASS_ROUTER"):
        monkeypatch.delenv(name, raising=False)
    for context in CONTEXTS:
        monkeypatch.delenv(f"PASS_DATABASE_URL_{context.upper()}", raising=False)


def test_servers_named_outside_stand_in_for_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASS_KAFKA", "broker:9092")
    monkeypatch.setenv("PASS_SMTP", "relay:25")
    for context in CONTEXTS:
        monkeypatch.setenv(f"PASS_DATABASE_URL_{context.upper()}", f"postgres://me:pw@db/{context}")
    external = ExternalServers.by_environment()
    platform = Platform(tmp_path, Ports.usual(), external)
    assert {"postgres", "kafka", "mailbox"}.isdisjoint(part.name for part in platform.parts)
    settings = platform.settings_of("booking")
    assert settings["PASS_KAFKA"] == "broker:9092"
    assert settings["PASS_SMTP"] == "relay:25"
    assert settings["PASS_DATABASE_URL_BOOKING"] == "postgresql+asyncpg://me:pw@db/booking"

    external.save(tmp_path / "external_servers.json")
    assert stat.S_IMODE((tmp_path / "external_servers.json").stat().st_mode) == 0o600
    assert ExternalServers.saved(tmp_path / "external_servers.json") == external
    assert ExternalServers.saved(tmp_path / "none.json") == ExternalServers()


def test_one_database_named_outside_leaves_the_others_to_our_server(tmp_path: Path) -> None:
    external = ExternalServers(databases={"finance": "postgresql+asyncpg://me:pw@db/finance"})
    platform = Platform(tmp_path, Ports.usual(), external)
    assert platform.part("finance").after == ()
    assert platform.part("booking").after == ("postgres",)
