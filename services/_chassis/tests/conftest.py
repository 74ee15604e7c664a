"""The notebook, a service small enough to read in a minute, is what the chassis is tried on."""

# ruff: noqa: E402  # the notebook is found only once its folder is on the path
import sys
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

sys.path.insert(0, str(Path(__file__).parent))

from notebook.ear import Ear
from notebook.line import Line
from notebook.main import SERVICE
from notebook.settings import NotebookSettings

from chassis.clock import FixedClock
from chassis.service import Runtime
from chassis.testing import NO_SERVERS, TODAY, OpenRuntime, OpenSubgraph, SubgraphClient
from local_platform.testing import KafkaServer


@pytest.fixture
async def runtime(open_runtime: OpenRuntime) -> Runtime[Any]:
    """The notebook's runtime on a database of its own."""
    opened: Runtime[Any] = await open_runtime(SERVICE)
    return opened


@pytest.fixture
def no_servers() -> Runtime[NotebookSettings]:
    """A runtime whose database answers to nobody."""
    settings = NotebookSettings(**NO_SERVERS, time_travel=True)
    return Runtime.build(settings, FixedClock(TODAY))


@pytest.fixture
async def notebook(runtime: Runtime[Any], open_subgraph: OpenSubgraph) -> SubgraphClient:
    """A client of the notebook's subgraph, on a real database."""
    return await open_subgraph(SERVICE, runtime, global_ids=True)


@pytest.fixture
def line(runtime: Runtime[Any], kafka_server: KafkaServer) -> Line:
    """The notebook speaking on a topic of its own."""
    return Line(runtime, kafka_server)


@pytest.fixture
def ear(runtime: Runtime[Any], kafka_server: KafkaServer) -> Ear:
    """The notebook listening to a topic of its own."""
    return Ear(runtime, kafka_server)


@pytest.fixture
async def newcomer(line: Line, kafka_server: KafkaServer, open_runtime: OpenRuntime) -> Ear:
    """Another service with an empty database, listening to what the line speaks."""
    listener = Ear(await open_runtime(SERVICE), kafka_server)
    listener.topic = line.topic
    return listener
