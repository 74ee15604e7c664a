"""The notebook's subgraph without a server behind it: what needs none is tried without one."""

import pytest
from notebook.main import SERVICE
from notebook.settings import NotebookSettings

from chassis.service import Runtime
from chassis.testing import OpenSubgraph, SubgraphClient


@pytest.fixture
async def subgraph(no_servers: Runtime[NotebookSettings], open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, no_servers, global_ids=True)
