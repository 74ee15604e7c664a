"""Which of the two gateways is taken."""

import lzma
from pathlib import Path

import pytest

from local_platform.servers import router_binary
from local_platform.user_error import UserError


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(router_binary, "OWN", tmp_path / "bin" / "hive_router")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("PASS_ROUTER", raising=False)


def program(file: Path) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_no_binary_means_the_one_on_node() -> None:
    assert router_binary.find() is None


def test_the_setting_wins_over_the_path_and_the_path_over_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = program(tmp_path / "bin" / "hive_router")
    assert router_binary.find() == own
    on_path = program(tmp_path / "path" / "hive_router")
    assert router_binary.find() == on_path
    named = program(tmp_path / "named")
    monkeypatch.setenv("PASS_ROUTER", str(named))
    assert router_binary.find() == named
    monkeypatch.setenv("PASS_ROUTER", "hive-gateway")
    assert router_binary.find() is None


def test_a_wrong_setting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASS_ROUTER", "/no/such/router")
    with pytest.raises(UserError, match="PASS_ROUTER names /no/such/router"):
        router_binary.find()


def test_a_packed_binary_is_unpacked_and_made_runnable(tmp_path: Path) -> None:
    packed = tmp_path / "hive_router-1.xz"
    packed.write_bytes(lzma.compress(b"#!/bin/sh\n"))
    router_binary.take(packed)
    assert router_binary.find() == router_binary.OWN
    assert router_binary.OWN.read_bytes() == b"#!/bin/sh\n"


def test_a_torn_archive_is_said_and_replaces_nothing(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "hive_router")
    packed = tmp_path / "torn.xz"
    packed.write_bytes(lzma.compress(b"x" * 1000)[:40])
    with pytest.raises(UserError, match="could not be unpacked"):
        router_binary.take(packed)
    assert router_binary.OWN.read_text() == "#!/bin/sh\n"
