"""The schema that clients see, and workshops of their generators."""

from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from local_platform.servers.router import API

from .workshops import Workshop, node_workshop, python_workshop

OpenWorkshop = Callable[[str], Workshop]


@pytest.fixture(scope="session")
def api() -> GraphQLSchema:
    return build_schema(API.read_text())


@pytest.fixture
def open_node(tmp_path: Path) -> OpenWorkshop:
    """`workshop = open_node("relay")`: skips the test where the npm packages cannot be had."""
    return lambda name: node_workshop(name, tmp_path / name)


@pytest.fixture
def open_python(tmp_path: Path) -> OpenWorkshop:
    """`workshop = open_python("ariadne")`, likewise."""
    return lambda name: python_workshop(name, tmp_path / name)
