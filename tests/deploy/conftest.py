"""What the file of secrets would hold."""

import runpy

import pytest

from . import composed


@pytest.fixture(scope="session")
def secrets() -> dict[str, str]:
    """What the file of secrets holds, the account that pays filled in."""
    made: dict[str, str] = runpy.run_path(str(composed.ROOT / "deploy/new_secrets.py"))["new_secrets"]()
    return made | {"PASS_DEBTOR_IBAN": "FR7630001007941234567890185", "PASS_DEBTOR_BIC": "BDFEFRPP"}
