"""The committed contracts are what the code says today."""

from pathlib import Path

import pytest

from chassis.graphql import print_subgraph

from .services import CONTEXTS, service

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_committed_schema_is_the_services_own(context: str) -> None:
    committed = (ROOT / "services" / context / "contracts/schema.graphql").read_text()
    assert print_subgraph(service(context).schema(True)) == committed, "run ./pass schema"
