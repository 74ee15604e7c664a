"""Finance on a database of its own."""

from collections.abc import Awaitable, Callable

import pytest

from chassis.testing import OpenRuntime, OpenSubgraph, SubgraphClient
from finance.main import SERVICE
from finance.runtime import FinanceRuntime
from finance_support.world import World


@pytest.fixture
async def world(open_runtime: OpenRuntime) -> World:
    return World(await open_runtime(SERVICE))


@pytest.fixture
def runtime(world: World) -> FinanceRuntime:
    return world.runtime


@pytest.fixture
async def subgraph(world: World, open_subgraph: OpenSubgraph) -> SubgraphClient:
    return await open_subgraph(SERVICE, world.runtime)


NewWorld = Callable[[], Awaitable[World]]


@pytest.fixture
async def new_world(open_runtime: OpenRuntime) -> NewWorld:
    """Makes finance again, on an empty database."""

    async def make() -> World:
        return World(await open_runtime(SERVICE))

    return make
