"""Identity opened on a fresh database."""

import base64
import sys
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from chassis.testing import OpenRuntime, OpenSubgraph, principal
from identity.main import SERVICE

sys.path.insert(0, str(Path(__file__).parent / "support"))

from identity_world import IdentityWorld

DIGEST_KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture(scope="session")
def signing_key() -> str:
    key: str = ECKey.generate_key("P-256").as_pem(private=True).decode()
    return key


@pytest.fixture
def quick_settings(signing_key: str) -> dict[str, Any]:
    """What identity needs to start, with passwords that cost next to nothing."""
    return {
        "signing_key": signing_key,
        "digest_key": DIGEST_KEY,
        "argon2_time_cost": 1,
        "argon2_memory_kib": 64,
    }


@pytest.fixture
async def identity(
    open_runtime: OpenRuntime, open_subgraph: OpenSubgraph, quick_settings: dict[str, Any]
) -> IdentityWorld:
    runtime = await open_runtime(SERVICE, **quick_settings)
    return IdentityWorld(runtime, await open_subgraph(SERVICE, runtime), principal("admin"))
