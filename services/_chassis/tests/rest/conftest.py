"""Clients of the notebook's REST API, with and without a database behind it."""

import httpx
import pytest
from notebook.main import SERVICE

from chassis.testing import OpenSubgraph, SubgraphClient


@pytest.fixture
def http(notebook: SubgraphClient) -> httpx.AsyncClient:
    """On a real database."""
    return notebook.http


@pytest.fixture
async def alone(no_servers, open_subgraph: OpenSubgraph) -> httpx.AsyncClient:
    """On a database that answers to nobody."""
    return (await open_subgraph(SERVICE, no_servers)).http
