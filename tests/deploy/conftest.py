"""What the file of secrets would hold, and a folder of certificates."""

import runpy
from pathlib import Path

import pytest

from local_platform.servers.certificates import renew

from . import composed


@pytest.fixture(scope="session")
def secrets() -> dict[str, str]:
    """What the file of secrets holds, the account that pays filled in."""
    made: dict[str, str] = runpy.run_path(str(composed.ROOT / "deploy/new_secrets.py"))["new_secrets"]()
    return made | {"PASS_DEBTOR_IBAN": "FR7630001007941234567890185", "PASS_DEBTOR_BIC": "BDFEFRPP"}


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of all parts, as `./pass certificates --for-containers` makes them."""
    folder = tmp_path_factory.mktemp("certificates")
    renew(folder, readable=True)
    return folder
