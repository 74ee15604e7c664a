"""A subgraph that is away takes its own fields with it and no others: what it adds to others' types may be null."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    TypeNode,
    parse,
)

SUPERGRAPH = Path(__file__).parents[2] / "gateway/supergraph.graphql"
OWNERS = {
    "Attachment": "IDENTITY",
    "BankAccount": "FINANCE",
    "Booking": "BOOKING",
    "CashflowBatch": "FINANCE",
    "Offer": "CATALOG",
    "Person": "IDENTITY",
    "Reimbursement": "FINANCE",
    "Stock": "CATALOG",
    "Structure": "IDENTITY",
    "Venue": "CATALOG",
    "Wallet": "BOOKING",
}
"""Of the entities that several subgraphs know, the one whose life they follow."""


def _argument(directive: DirectiveNode, name: str) -> str | None:
    for argument in directive.arguments or ():
        if argument.name.value == name:
            value = argument.value
            return value.value if isinstance(value, StringValueNode) else getattr(value, "value", None)
    return None


def _graphs(node: ObjectTypeDefinitionNode | FieldDefinitionNode, directive: str) -> set[str]:
    named = (each for each in node.directives or () if each.name.value == directive)
    return {graph for each in named if (graph := _argument(each, "graph")) is not None}


def entities_and_foreign_fields(
    text: str,
) -> tuple[dict[str, set[str]], list[tuple[str, FieldDefinitionNode]]]:
    """Who knows each entity, and every field that is answered by another subgraph than the entity's owner."""
    known: dict[str, set[str]] = defaultdict(set)
    types = [node for node in parse(text).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    for node in types:
        if any(_argument(each, "key") for each in node.directives or () if each.name.value == "join__type"):
            known[node.name.value] = _graphs(node, "join__type")
    foreign = []
    for node in types:
        name = node.name.value
        for field in node.fields or ():
            graphs = _graphs(field, "join__field")
            if name in known and len(known[name]) > 1 and graphs and OWNERS.get(name) not in graphs:
                foreign.append((f"{name}.{field.name.value}", field))
            if _named(field.type) in known and name not in ("Query", "Mutation"):
                owner = OWNERS.get(_named(field.type))
                if len(known[_named(field.type)]) > 1 and (graphs or _graphs(node, "join__type")) != {owner}:
                    foreign.append((f"{name}.{field.name.value}", field))
    return dict(known), foreign


def _named(type_: TypeNode) -> str:
    while isinstance(type_, NonNullTypeNode | ListTypeNode):
        type_ = type_.type
    return type_.name.value  # type: ignore[attr-defined, no-any-return]


def must_be_there(type_: TypeNode) -> Iterator[str]:
    """Where in a field's type null is ruled out."""
    if isinstance(type_, NonNullTypeNode):
        yield "itself"
        type_ = type_.type
    if isinstance(type_, ListTypeNode) and isinstance(type_.type, NonNullTypeNode):
        yield "its items"


def test_every_field_that_another_subgraph_answers_may_be_null() -> None:
    known, foreign = entities_and_foreign_fields(SUPERGRAPH.read_text(encoding="utf-8"))
    shared = {name for name, graphs in known.items() if len(graphs) > 1}
    assert shared <= OWNERS.keys(), "say who owns the new entities"
    assert {"Stock.isBookable", "Structure.venues", "Booking.offer"} <= {name for name, _ in foreign}
    strict = {name for name, field in foreign if "itself" in must_be_there(field.type)}
    assert strict == set()


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("isBookable: Boolean @join__field(graph: BOOKING)", "Stock.isBookable"),
        ("remaining: Int @join__field(graph: BOOKING)", "Stock.remaining"),
    ],
)
def test_one_that_may_not_is_found(fault: str, name: str) -> None:
    text = SUPERGRAPH.read_text(encoding="utf-8")
    field, _, rest = fault.partition(" @")
    assert fault in text
    _, foreign = entities_and_foreign_fields(text.replace(fault, f"{field}! @{rest}"))
    assert name in {name for name, field in foreign if "itself" in must_be_there(field.type)}
