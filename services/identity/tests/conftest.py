"""Identity opened on a fresh database."""

import base64
import sys
from pathlib import Path

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
async def identity(open_runtime: OpenRuntime, open_subgraph: OpenSubgraph, signing_key: str) -> IdentityWorld:
    runtime = await open_runtime(
        SERVICE, signing_key=signing_key, digest_key=DIGEST_KEY, argon2_time_cost=1, argon2_memory_kib=64
    )
    return IdentityWorld(runtime, await open_subgraph(SERVICE, runtime), principal("admin"))
