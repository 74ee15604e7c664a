"""One whole platform: what its parts are told, and what it keeps."""

import json
from pathlib import Path

import pytest

from local_platform.platform.own_secrets import CONTEXTS
from local_platform.platform.platform import Platform
from local_platform.servers.parts import ProcessPart
from local_platform.servers.ports import Ports
from local_platform.user_error import UserError


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PASS_PORT_BASE", "PASS_KAFKA", "PASS_SMTP", "PASS_ROUTER"):
        monkeypatch.delenv(name, raising=False)
    for context in CONTEXTS:
        monkeypatch.delenv(f"PASS_DATABASE_URL_{context.upper()}", raising=False)


def test_a_context_is_told_its_own_settings_and_no_others(tmp_path: Path) -> None:
    processes = [part for part in Platform(tmp_path, Ports.usual()).parts if isinstance(part, ProcessPart)]
    assert {part.name.removesuffix("-worker") for part in processes} >= set(CONTEXTS)
    for part in processes:
        own = part.name.removesuffix("-worker").upper()
        urls = {name for name in part.settings if name.startswith("PASS_DATABASE_URL")}
        assert urls <= {f"PASS_DATABASE_URL_{own}"}, part.name
        keyed = any(name.startswith("PASS_SIGNING_KEY") for name in part.settings)
        assert keyed == (own == "IDENTITY"), part.name


def test_with_inner_tls_each_part_is_told_its_own_certificate_and_no_other(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.usual(), inner_tls=True)
    shown = {}
    for part in platform.parts:
        if isinstance(part, ProcessPart) and part.name != "mailbox":
            folders = {
                Path(value).name if Path(value).is_dir() else Path(value).parent.name
                for name, value in part.settings.items()
                if name.startswith("PASS_INNER_TLS")
            }
            (shown[part.name],) = folders
    assert shown == {name: name.removesuffix("-worker") for name in shown}
    assert {"door", "gateway", "search", *CONTEXTS} <= set(shown)


def test_without_it_nobody_is_told_of_certificates(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.usual())
    for part in platform.parts:
        if isinstance(part, ProcessPart):
            assert not [name for name in part.settings if name.startswith("PASS_INNER_TLS")], part.name
    assert not (tmp_path / "certificates").exists()


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
    assert {part.name for part in others} == contexts | {"door", "gateway", "search"}
    with pytest.raises(UserError, match="no part called nobody"):
        platform.part("nobody")


def test_reset_keeps_downloads_and_ports_only(tmp_path: Path) -> None:
    platform = Platform(tmp_path, Ports.free())
    assert platform.secrets
    (tmp_path / "kafka-jars").mkdir()
    (tmp_path / "mail").mkdir()
    (tmp_path / "ports.json").write_text(json.dumps(dict(platform.ports.of)))
    platform.reset()
    assert {entry.name for entry in tmp_path.iterdir()} == {"kafka-jars", "ports.json"}
