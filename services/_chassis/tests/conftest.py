"""The notebook, a service small enough to read in a minute, is what the chassis is tried on."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from notebook.main import SERVICE

from chassis.service import House
from chassis.testing import OpenHouse, OpenSubgraph, SubgraphClient


@pytest.fixture
async def house(open_house: OpenHouse) -> House[Any]:
    """The notebook's house on a database of its own."""
    opened: House[Any] = await open_house(SERVICE)
    return opened


@pytest.fixture
async def notebook(house: House[Any], open_subgraph: OpenSubgraph) -> SubgraphClient:
    """A client of the notebook's subgraph, on a real database."""
    return await open_subgraph(SERVICE, house)
