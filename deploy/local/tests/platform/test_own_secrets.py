"""Secrets are made once, and never lost."""

import stat
from pathlib import Path

import pytest

from local_platform.platform import own_secrets
from local_platform.platform.own_secrets import CONTEXTS
from local_platform.user_error import UserError


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
    with pytest.raises(UserError, match="is damaged"):
        own_secrets.ensure(file)
    assert file.read_text() == "PASS_SEALING_KEY=torn\n"
