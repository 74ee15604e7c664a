"""The notebook's subgraph without a server behind it: what needs none is tried without one."""

import pytest
from notebook.main import SERVICE
from notebook.settings import NotebookSettings
from pydantic import SecretStr

from chassis.clock import FixedClock
from chassis.sealed import Sealer
from chassis.service import Runtime
from chassis.testing import TODAY, OpenSubgraph, SubgraphClient


@pytest.fixture
def no_servers() -> Runtime[NotebookSettings]:
    """A runtime whose database answers to nobody."""
    settings = NotebookSettings(
        env="test",
        database_url=SecretStr("postgresql+asyncpg://nobody@127.0.0.1:1/none"),
        kafka="127.0.0.1:1",
        jwks_url="http://127.0.0.1:1/",
        sealing_key=SecretStr(Sealer.new_key()),
        time_travel=True,
    )
    return Runtime.build(settings, FixedClock(TODAY))


@pytest.fixture
async def subgraph(no_servers: Runtime[NotebookSettings], open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, no_servers)
