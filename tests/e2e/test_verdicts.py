"""Who may ask what: every root field has a verdict for each kind of person, declared in verdicts.txt."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from local_platform.servers.router import SUPERGRAPH

from .asking import Asker
from .databases import Databases, changed
from .probes import DONE, PROBES
from .world import World

PEOPLE = ("anonymous", "beneficiary", "other_beneficiary", "pro", "other_pro", "admin", "finance")
"""The columns. The beneficiary has booked at the pro's structure; the other two are strangers to both."""


def declared() -> Mapping[str, Mapping[str, str]]:
    """Row → person → verdict."""
    lines = (Path(__file__).parent / "verdicts.txt").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line and line[0] != "#"]
    head, *body = rows
    assert tuple(head[1:]) == PEOPLE
    return {row[0]: dict(zip(PEOPLE, row[1:], strict=True)) for row in body}


def test_every_root_field_has_a_declared_verdict() -> None:
    """A field added to a contract is red here until somebody says who may ask it."""
    roots = [
        definition
        for definition in parse(SUPERGRAPH.read_text()).definitions
        if isinstance(definition, ObjectTypeDefinitionNode)
        and definition.name.value in ("Query", "Mutation", "Subscription")
    ]
    fields = {field.name.value for root in roots for field in root.fields or ()}
    rows = declared()
    assert {row.partition(":")[0] for row in rows} == fields
    assert set(rows) == set(PROBES)


@pytest.mark.platform
@pytest.mark.parametrize("row", PROBES)
async def test_the_verdict_is_as_declared(
    row: str, direct: Asker, world: World, databases: Databases, at_rest: None
) -> None:
    document = PROBES[row]
    day = world.long_after if row == "deleteStock" else None
    before = await databases.snapshot()
    found = {
        person: direct.ask(document, session.on(day), **world.variables(document)).verdict
        for person, session in world.who.items()
    }
    assert found == declared()[row]
    if row in DONE:
        await databases.settled()
    else:
        assert changed(before, await databases.snapshot()) == {}
