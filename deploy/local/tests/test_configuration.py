"""Ports, secrets and given servers: what one platform is told."""

import json
import stat
from pathlib import Path

import pytest

from local_platform import own_secrets
from local_platform.given import Given
from local_platform.own_secrets import CONTEXTS
from local_platform.parts import ProcessPart
from local_platform.platform import Platform
from local_platform.ports import USUAL, Ports
from local_platform.trouble import Trouble


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASS_PORT_BASE", "PASS_KAFKA", "PASS_SMTP", "PASS_ROUTER"):
        monkeypatch.delenv(name, raising=False)
    for context in CONTEXTS:
        monkeypatch.delenv(f"PASS_DATABASE_URL_{context.upper()}", raising=False)


def test_all_ports_move_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASS_PORT_BASE", "14000")
    ports = Ports.chosen(tmp_path / "ports.json")
    assert (ports["gateway"], ports["identity"], ports["postgres"]) == (14000, 14101, 15442)
    assert len(set(ports.of.values())) == len(USUAL)


def test_the_file_may_name_some_ports_only(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    assert Ports.chosen(file) == Ports.usual()
    file.write_text('{"gateway": 8080}')
    ports = Ports.chosen(file)
    assert (ports["gateway"], ports["identity"]) == (8080, 4101)
    ports.save(file)
    assert Ports.chosen(file) == ports


@pytest.mark.parametrize("content", ["[", "[]", '{"gateway": "x"}', '{"gatewai": 1}', '{"gateway": 70000}'])
def test_a_wrong_ports_file_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    with pytest.raises(Trouble, match="does not hold ports"):
        Ports.chosen(file)


@pytest.mark.parametrize("base", ["x", "80", "65000", "-1"])
def test_a_wrong_port_base_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: str) -> None:
    monkeypatch.setenv("PASS_PORT_BASE", base)
    with pytest.raises(Trouble, match="PASS_PORT_BASE"):
        Ports.chosen(tmp_path / "ports.json")


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    made = own_secrets.ensure(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert own_secrets.ensure(file) == made
    assert made["PASS_SIGNING_KEY"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert len({made[own_secrets.password_of(context)] for context in CONTEXTS}) == len(CONTEXTS)


def test_a_secret_that_a_newer_version_needs_is_added(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text('PASS_SEALING_KEY="kept"\n')
    made = own_secrets.ensure(file)
    assert made["PASS_SEALING_KEY"] == "kept"
    assert own_secrets.read(file) == made


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("PASS_SEALING_KEY=torn\n")
    with pytest.raises(Trouble, match="is damaged"):
        own_secrets.ensure(file)
    assert file.read_text() == "PASS_SEALING_KEY=torn\n"


def test_given_servers_stand_in_for_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PASS_KAFKA", "broker:9092")
    monkeypatch.setenv("PASS_SMTP", "relay:25")
    for context in CONTEXTS:
        monkeypatch.setenv(f"PASS_DATABASE_URL_{context.upper()}", f"postgres://me:pw@db/{context}")
    given = Given.by_environment()
    platform = Platform(tmp_path, Ports.usual(), given)
    assert {"postgres", "kafka", "mailbox"}.isdisjoint(part.name for part in platform.parts)
    settings = platform.settings_of("booking")
    assert settings["PASS_KAFKA"] == "broker:9092"
    assert settings["PASS_SMTP"] == "relay:25"
    assert settings["PASS_DATABASE_URL_BOOKING"] == "postgresql+asyncpg://me:pw@db/booking"

    given.save(tmp_path / "given.json")
    assert stat.S_IMODE((tmp_path / "given.json").stat().st_mode) == 0o600
    assert Given.saved(tmp_path / "given.json") == given
    assert Given.saved(tmp_path / "none.json") == Given()


def test_one_given_database_leaves_the_others_to_our_server(tmp_path: Path) -> None:
    given = Given(databases={"finance": "postgresql+asyncpg://me:pw@db/finance"})
    platform = Platform(tmp_path, Ports.usual(), given)
    assert platform.part("finance").after == ()
    assert platform.part("booking").after == ("postgres",)


def test_a_context_is_told_its_own_settings_and_no_others(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.usual())
    for part in platform.parts:
        if not isinstance(part, ProcessPart):
            continue
        own = part.name.removesuffix("-worker").upper()
        urls = {name for name in part.settings if name.startswith("PASS_DATABASE_URL")}
        assert urls <= {f"PASS_DATABASE_URL_{own}"}, part.name
        keyed = any(name.startswith("PASS_SIGNING_KEY") for name in part.settings)
        assert keyed == (own == "IDENTITY"), part.name


def test_two_platforms_share_no_port_and_no_file(tmp_path: Path) -> None:
    one = Platform(tmp_path / "one", Ports.free())
    other = Platform(tmp_path / "other", Ports.free())
    assert set(one.ports.of.values()).isdisjoint(other.ports.of.values())
    assert one.secrets != other.secrets
    assert {part.daemon.log for part in one.parts}.isdisjoint(part.daemon.log for part in other.parts)


def test_a_platform_knows_its_parts(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.usual())
    servers, others = platform.parts[:3], platform.parts[3:]
    assert [part.name for part in servers] == ["postgres", "kafka", "mailbox"]
    contexts = {name for context in CONTEXTS for name in (context, f"{context}-worker")}
    assert {part.name for part in others} == contexts | {"gateway", "search"}
    with pytest.raises(Trouble, match="no part called nobody"):
        platform.part("nobody")


def test_reset_keeps_downloads_and_ports_only(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.free())
    assert platform.secrets
    (tmp_path / "kafka-jars").mkdir()
    (tmp_path / "mail").mkdir()
    (tmp_path / "ports.json").write_text(json.dumps(dict(platform.ports.of)))
    platform.reset()
    assert {entry.name for entry in tmp_path.iterdir()} == {"kafka-jars", "ports.json"}
