"""The whole story, on a whole platform, through both routers, and with a process killed in the middle of it."""

import io
import subprocess
import threading
from collections.abc import Mapping

import pytest
from rich.console import Console

from local_platform.demo.accounts import STAFF, ensure_staff, known_accounts
from local_platform.demo.data import ensure_demo_set
from local_platform.demo.story.narrator import Narrator, NotAsTold
from local_platform.demo.story.play import play
from local_platform.platform.platform import Platform
from local_platform.servers.postgres_access import binary

pytestmark = [pytest.mark.servers, pytest.mark.platform]


def perform(platform: Platform, url: str | None = None) -> str:
    """Play it; what was told."""
    told = io.StringIO()
    play(platform, ensure_staff(platform), Narrator(Console(file=told, width=200)), url)
    return told.getvalue()


@pytest.mark.parametrize("router", ["hive-gateway", "hive-router"])
def test_the_story_is_as_told_through(router: str, platform: Platform, gateways: Mapping[str, str]) -> None:
    if router not in gateways:
        pytest.skip("no Hive Router binary here")
    told = perform(platform, gateways[router])
    assert "remboursé" in told
    assert "later than the promised" not in told


@pytest.mark.parametrize("name", ["booking", "booking-worker", "kafka"])
def test_a_process_killed_in_the_middle_loses_nothing(name: str, platform: Platform) -> None:
    """The story waits for what is down; `up` brings it back; the story runs to its end."""

    def kill_and_bring_back() -> None:
        process = platform.part(name).daemon.process()
        assert process is not None
        process.kill()
        platform.up()

    killer = threading.Timer(4.0, kill_and_bring_back)
    killer.start()
    try:
        assert "remboursé" in perform(platform)
    finally:
        killer.join()
    assert all(part.problem() is None for part in platform.parts)


def test_what_is_not_as_told_ends_the_story(platform: Platform) -> None:
    narrator = Narrator(Console(file=io.StringIO()))
    with pytest.raises(NotAsTold, match=r"Not as told: the credit is 150 €\. Found: 20"):
        narrator.expects(False, "the credit is 150 €.", 20)


def test_the_demo_set_is_loaded_once(platform: Platform) -> None:
    heard: list[tuple[int, int]] = []
    staff = ensure_staff(platform)
    assert ensure_demo_set(platform, staff, lambda loaded, total: heard.append((loaded, total)))
    assert heard[-1] == (len(heard), len(heard))
    assert set(known_accounts(platform)) == {*STAFF, "pro", "beneficiary"}
    before = len(heard)
    assert ensure_demo_set(platform, staff, lambda loaded, total: heard.append((loaded, total)))
    assert len(heard) == before


def test_up_on_a_running_platform_starts_nothing(platform: Platform) -> None:
    assert platform.up() == []


def test_a_role_cannot_read_another_context(platform: Platform) -> None:
    settings = platform.settings_of("booking")
    own = settings["PASS_DATABASE_URL_BOOKING"].replace("+asyncpg", "")
    url = f"{own.rpartition('/')[0]}/identity"
    done = subprocess.run(
        [binary("psql"), "-X", url, "-c", "SELECT 1"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "permission denied" in done.stderr


def test_no_secret_is_in_a_log(platform: Platform) -> None:
    secrets = [value for name, value in platform.secrets.items() if "PASSWORD" in name or "SEALING" in name]
    secrets += [account.password for account in known_accounts(platform).values()]
    for log in (platform.state / "logs").glob("*.log"):
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log.name
