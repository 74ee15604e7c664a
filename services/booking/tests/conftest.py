"""A world of one venue for every test that needs a database."""

import pytest

from booking.main import SERVICE
from booking_support.world import World
from chassis.testing import OpenRuntime, OpenSubgraph, SubgraphClient


@pytest.fixture
async def world(open_runtime: OpenRuntime) -> World:
    world = World(await open_runtime(SERVICE))
    await world.venue()
    return world


@pytest.fixture
async def subgraph(world: World, open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, world.runtime)
