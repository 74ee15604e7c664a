"""A background process is found again by pid and start time, and by nothing less."""

import json
import os
import sys
from pathlib import Path

import pytest

from local_platform.servers.daemon import LOG_KEEPS_BYTES, Daemon, fingerprint
from local_platform.user_error import UserError, last_lines

SLEEPER = [sys.executable, "-c", "print('here', flush=True); import time; time.sleep(60)"]


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon("sleeper", tmp_path / "run" / "sleeper.json", tmp_path / "logs" / "sleeper.log")


def test_it_is_found_again_until_it_is_stopped(daemon: Daemon, tmp_path: Path) -> None:
    started = daemon.start(SLEEPER, os.environ, tmp_path)
    found = Daemon(daemon.name, daemon.pid_file, daemon.log).process()
    assert found is not None
    assert found.pid == started.pid
    assert daemon.stop()
    assert daemon.process() is None
    assert not daemon.stop()


def test_a_killed_process_is_gone_even_while_it_is_a_zombie(daemon: Daemon, tmp_path: Path) -> None:
    daemon.start(SLEEPER, os.environ, tmp_path).kill()
    assert daemon.wait_until_gone(5)


def test_another_process_with_the_same_pid_is_a_stranger(daemon: Daemon) -> None:
    daemon.pid_file.parent.mkdir()
    daemon.pid_file.write_text(json.dumps({"pid": os.getpid(), "started": 0.0, "fingerprint": ""}))
    assert daemon.process() is None


@pytest.mark.parametrize("content", ["", "{}", '{"pid": "x"', '{"pid": 1}'])
def test_a_damaged_pid_file_means_not_running(daemon: Daemon, content: str) -> None:
    daemon.pid_file.parent.mkdir()
    daemon.pid_file.write_text(content)
    assert daemon.process() is None
    assert daemon.started_with() is None


def test_a_log_that_grew_too_long_is_set_aside(daemon: Daemon, tmp_path: Path) -> None:
    daemon.log.parent.mkdir()
    daemon.log.write_bytes(b"x" * (LOG_KEEPS_BYTES + 1))
    daemon.start(SLEEPER, os.environ, tmp_path)
    daemon.stop()
    assert daemon.log.stat().st_size < 100
    assert daemon.log.with_suffix(".log.1").stat().st_size == LOG_KEEPS_BYTES + 1


def test_a_missing_program_is_said_in_one_sentence(daemon: Daemon, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sleeper cannot be started"):
        daemon.start(["/no/such/program"], {}, tmp_path)


def test_only_our_own_settings_tell_two_starts_apart() -> None:
    assert fingerprint(["a"], {"PASS_X": "1", "TERM": "x"}) == fingerprint(["a"], {"PASS_X": "1"})
    assert fingerprint(["a"], {"PASS_X": "1"}) != fingerprint(["a"], {"PASS_X": "2"})
    assert fingerprint(["a"], {}) != fingerprint(["a", "b"], {})


def test_the_last_lines_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "some.log"
    assert last_lines(log) == []
    log.write_text("".join(f"line {number}\n" for number in range(100_000)))
    assert last_lines(log, 2) == ["line 99998", "line 99999"]
