"""A platform that runs: what it keeps apart, and what it keeps to itself."""

import subprocess

import pytest

from local_platform.demo.accounts import known_accounts
from local_platform.platform.platform import Platform
from local_platform.servers.postgres_access import binary

pytestmark = [pytest.mark.servers, pytest.mark.platform]


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
    logs = list((platform.state / "logs").glob("*.log"))
    assert {part.name for part in platform.parts} <= {log.stem for log in logs}
    assert all(secrets)
    for log in logs:
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log.name
