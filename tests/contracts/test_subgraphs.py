"""The committed contracts are what the code says today."""

from pathlib import Path

import pytest
from graphql import NonNullTypeNode, ObjectTypeDefinitionNode, parse

from chassis.graphql import print_subgraph

from .services import CONTEXTS, service

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_committed_schema_is_the_services_own(context: str) -> None:
    committed = (ROOT / "services" / context / "contracts/schema.graphql").read_text()
    assert print_subgraph(service(context).schema(True)) == committed, "run ./pass schema"


def test_no_root_field_takes_the_others_down_with_it() -> None:
    """A page asks several subgraphs at once: one that is down must null its own fields only."""
    supergraph = parse((ROOT / "gateway/supergraph.graphql").read_text())
    (query,) = [
        definition
        for definition in supergraph.definitions
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value == "Query"
    ]
    assert [field.name.value for field in query.fields if isinstance(field.type, NonNullTypeNode)] == []
