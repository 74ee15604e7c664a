"""People, structures and what ties them are found by their ids, by whom they are seen elsewhere."""

from typing import Any

import pytest

from chassis.graphql import global_id
from chassis.testing import principal

pytestmark = pytest.mark.servers

MINE = "{ me { id identityCheck { id } grants { id } attachments { id structure { id } } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
TYPES = ("Person", "IdentityCheck", "Grant", "Structure", "Attachment")


async def test_each_is_found_by_whom_it_is_seen_elsewhere(identity: Any) -> None:
    """Behind its edge the subgraph shows UUIDs; `nodes` is always asked by global ids."""
    young = await identity.young_person()
    await identity.granted(young)
    pro, structure_id = await identity.pro(email="pro@example.com")
    me = (await identity.api.data(MINE, by=young))["me"]
    (attachment,) = (await identity.api.data(MINE, by=pro))["me"]["attachments"]
    plain = (me["id"], me["identityCheck"]["id"], me["grants"][0]["id"], str(structure_id), attachment["id"])
    ids = [global_id(name, each) for name, each in zip(TYPES, plain, strict=True)]

    async def seen(by: Any) -> list[bool]:
        found = (await identity.api.data(NODES, {"ids": ids}, by=by))["nodes"]
        shown = [None if each is None else (each["__typename"], each["id"]) for each in found]
        assert set(shown) <= {None, *zip(TYPES, plain, strict=True)}
        return [each is not None for each in shown]

    assert await seen(young) == [True, True, True, False, False]
    assert await seen(pro) == [False, False, False, True, True]
    assert await seen(identity.admin) == [True] * 5
    for stranger in (None, principal("pro"), principal("finance")):
        assert await seen(stranger) == [False] * 5
