"""Whoever reads the schema reads what everything in it means."""

import importlib
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_ast_schema, parse, print_ast

from chassis.graphql.glossary import SPECIFICATIONS, elements, undescribed

ROOT = Path(__file__).parents[2]
SUBGRAPHS = ("identity", "catalog", "search", "booking", "finance")
COMPOSERS_OWN = ("join__", "link__", "_", "federation__")


def _schema(subgraph: str) -> GraphQLSchema:
    declared = importlib.import_module(f"{subgraph}.api.graphql.schema").subgraph(True)
    schema: GraphQLSchema = declared._schema
    return schema


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_everything_says_what_it_is(subgraph: str) -> None:
    silent = undescribed(_schema(subgraph))
    assert [coordinate for coordinate in silent if not coordinate.startswith(COMPOSERS_OWN)] == []


def test_the_composed_schema_does_too_and_names_the_specification_of_each_scalar() -> None:
    document = parse((ROOT / "gateway/supergraph.graphql").read_text())
    schema = build_ast_schema(document, assume_valid_sdl=True)
    silent = undescribed(schema)
    assert [coordinate for coordinate in silent if not coordinate.startswith(COMPOSERS_OWN)] == []
    named = {name: schema.type_map[name].specified_by_url for name in SPECIFICATIONS}  # type: ignore[attr-defined]
    assert named == SPECIFICATIONS
    assert "Cents" in print_ast(document)


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_no_word_of_a_glossary_is_left_over(subgraph: str) -> None:
    glossary = importlib.import_module(f"{subgraph}.api.graphql.glossary").GLOSSARY
    keys = {key for coordinate, name, _ in elements(_schema(subgraph)) for key in (coordinate, name)}
    assert glossary.keys() - keys == set()


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_a_description_is_a_sentence(subgraph: str) -> None:
    told = {
        coordinate: described.description
        for coordinate, _, described in elements(_schema(subgraph))
        if described.description and not coordinate.startswith(COMPOSERS_OWN)
    }
    assert {where: text for where, text in told.items() if not text.rstrip().endswith((".", "…", "`"))} == {}
