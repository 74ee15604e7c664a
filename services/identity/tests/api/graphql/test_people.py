"""Who sees a person: themselves and the team; for anybody else there is nobody."""

from typing import Any

import pytest

from chassis.ids import new_id
from chassis.testing import principal

pytestmark = pytest.mark.servers

ENTITY = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Person { id email firstName birthDate phone grants { id } identityCheck { id } }
    ... on Structure { id siren }
  }
}"""


async def entity(identity: Any, kind: str, id: Any, **who: Any) -> Any:
    answer = await identity.api.data(
        ENTITY, {"representations": [{"__typename": kind, "id": str(id)}]}, **who
    )
    return answer["_entities"][0]


async def test_a_person_is_seen_by_themselves_and_the_team_only(identity: Any) -> None:
    young = await identity.young_person()
    for who in (young, identity.admin):
        seen = await entity(identity, "Person", young.person_id, by=who)
        assert (seen["email"], seen["birthDate"]) == ("jeune@example.com", "2008-05-04")
    for who in (principal("pro"), principal("finance"), principal("beneficiary")):
        assert await entity(identity, "Person", young.person_id, by=who) is None
    assert await entity(identity, "Person", young.person_id) is None
    assert await entity(identity, "Person", new_id(), by=identity.admin) is None


async def test_a_structure_reference_is_null_until_it_is_validated(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    assert await entity(identity, "Structure", structure_id) is None
    assert (await entity(identity, "Structure", structure_id, by=pro))["siren"] == "732829320"
    assert await entity(identity, "Structure", new_id(), by=identity.admin) is None


async def test_nobody_is_nobody(identity: Any) -> None:
    assert (await identity.api.data("{ me { id } }"))["me"] is None
    assert (await identity.api.data("{ me { id } }", by=principal("admin")))["me"] is None
