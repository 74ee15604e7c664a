"""The team makes technical partners known; everybody reads their list."""

import asyncio
from typing import Any

import pytest

from chassis.graphql import global_id
from chassis.ids import new_id
from chassis.testing import principal
from identity.persistence.tables import providers

pytestmark = pytest.mark.servers

CREATE = """mutation ($name: String!, $key: UUID!) { createProvider(providerName: $name, idempotencyKey: $key) {
    __typename ... on ProviderCreated { provider { id name } } ... on Refusal { code message } } }"""
LIST = "{ providers { edges { node { id name } } } }"
ONE = "query ($id: ID!) { node(id: $id) { ... on Provider { name } } }"


async def create(identity: Any, name: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(CREATE, {"name": name, **more}, by=identity.admin)
    return answer


async def test_everybody_reads_the_list_newest_first(identity: Any) -> None:
    assert (await identity.api.data(LIST))["providers"]["edges"] == []
    made = [(await create(identity, name))["provider"] for name in ("  Librairies\t&  Cie ", "Billets")]
    assert [each["name"] for each in made] == ["Librairies & Cie", "Billets"]
    listed = (await identity.api.data(LIST))["providers"]["edges"]
    assert [edge["node"] for edge in listed] == made[::-1]
    one = {"id": global_id("Provider", made[0]["id"])}
    assert (await identity.api.data(ONE, one))["node"] == {"name": "Librairies & Cie"}


async def test_sent_again_with_the_same_key_it_is_made_once(identity: Any) -> None:
    key = str(new_id())
    first, again = [await create(identity, "Billets", key=key) for _ in range(2)]
    assert first == again
    assert await identity.count(providers) == 1


@pytest.mark.parametrize("name", ["Fnac", "FNAC", " fnac ", "F\u006ea\u0301c"])
async def test_no_two_share_a_name(identity: Any, name: str) -> None:
    await create(identity, "Fnac")
    assert (await create(identity, name))["code"] == "PROVIDER_NAME_TAKEN"


async def test_of_many_at_once_with_one_name_one_is_made(identity: Any) -> None:
    answers = await asyncio.gather(*(create(identity, "Billets") for _ in range(8)))
    assert sorted(each["__typename"] for each in answers) == ["ProviderCreated"] + ["ProviderNameTaken"] * 7
    assert await identity.count(providers) == 1


@pytest.mark.parametrize("name", ["", " ", "\u200b", "...", "x" * 129])
async def test_a_name_is_something_to_read(identity: Any, name: str) -> None:
    assert (await create(identity, name))["code"] == "INVALID_NAME"
    assert await identity.count(providers) == 0


@pytest.mark.parametrize("role", ["beneficiary", "pro", "finance", None])
async def test_the_team_alone_makes_one_known(identity: Any, role: str | None) -> None:
    code = await identity.api.error_code(
        CREATE, {"name": "Billets", "key": str(new_id())}, by=principal(role) if role else None
    )
    assert code == ("FORBIDDEN" if role else "UNAUTHENTICATED")
    assert await identity.count(providers) == 0
