"""A name means one thing; the most exact description wins, and the code's own wins over all."""

from enum import Enum
from typing import Any
from uuid import UUID

import strawberry

from chassis.graphql import build_schema
from chassis.graphql.glossary import undescribed


@strawberry.enum
class Colour(Enum):
    RED = "RED"
    BLUE = strawberry.enum_value("BLUE", description="In the code.")


@strawberry.input
class PaintInput:
    colour: Colour
    coats: int = strawberry.field(default=1, description="In the code.")


@strawberry.type
class Wall:
    id: UUID
    colour: Colour


@strawberry.type
class Query:
    @strawberry.field
    def wall(self, colour: Colour) -> Wall | None:
        return None


@strawberry.type
class Mutation:
    @strawberry.mutation
    def paint(self, input: PaintInput) -> Wall | None:
        return None


def _schema(**glossary: str) -> Any:
    return build_schema(Query, Mutation, glossary=glossary)._schema


def _of(schema: Any, type_: str, field: str) -> str | None:
    found: str | None = schema.type_map[type_].fields[field].description
    return found


def test_the_most_exact_wins_and_the_code_over_all() -> None:
    schema = _schema(**{"colour": "By its name.", "Wall.colour": "By its place.", "coats": "Never."})
    assert _of(schema, "Wall", "colour") == "By its place."
    assert _of(schema, "PaintInput", "colour") == "By its name."
    assert _of(schema, "PaintInput", "coats") == "In the code."
    assert schema.query_type.fields["wall"].args["colour"].description == "By its name."
    assert schema.type_map["Colour"].values["BLUE"].description == "In the code."


def test_what_all_contexts_call_alike_is_known() -> None:
    schema = _schema()
    assert _of(schema, "Wall", "id") == "Identifies it for ever; opaque."
    assert schema.type_map["UUID"].specified_by_url == "https://www.rfc-editor.org/rfc/rfc9562"


def test_what_nobody_described_is_found() -> None:
    silent = undescribed(_schema(Wall="A wall.", wall="A wall.", Colour="A colour.", colour="Which."))
    assert [each for each in silent if not each.startswith(("_", "link__"))] == [
        "Colour.RED",
        "Mutation.paint",
        "PaintInput",
    ]
