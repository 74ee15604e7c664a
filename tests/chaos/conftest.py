"""A platform of its own, as durable as a developer's: processes will be killed, and nothing may be lost."""

import os
import secrets
from collections.abc import Iterator

import pytest

from local_platform.demo.accounts import ensure_staff
from local_platform.platform.platform import Platform
from local_platform.servers.ports import Ports

SEED = "PASS_TEST_SEED"
"""Environment variable that plays the same kills again."""


@pytest.fixture(scope="package")
def killed_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("chaos"), Ports.free())
    try:
        platform.up()
        ensure_staff(platform)
        yield platform
    finally:
        platform.down()


@pytest.fixture
def seed() -> int:
    """Said when a test fails, so that it can be played again."""
    chosen = int(os.environ.get(SEED) or secrets.randbelow(1_000_000))
    print(f"{SEED}={chosen}")
    return chosen
