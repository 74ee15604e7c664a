"""The committed contract is the schema of the code."""

from pathlib import Path

from chassis.graphql import print_subgraph
from identity.api.graphql.schema import subgraph

CONTRACT = Path(__file__).parents[3] / "contracts" / "schema.graphql"


def test_the_committed_schema_is_fresh() -> None:
    assert CONTRACT.read_text() == print_subgraph(subgraph(True)), (
        "python -m identity schema > contracts/schema.graphql"
    )
