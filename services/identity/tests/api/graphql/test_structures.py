"""The team's decision on structures, colleagues, and who sees what (domain.md §2.6, §6.3)."""

from typing import Any
from uuid import UUID

import pytest

from chassis.ids import new_id
from chassis.testing import principal

pytestmark = pytest.mark.servers

DECIDE = """
mutation ($id: ID!, $key: UUID!) {{
  {verb}Structure(structureId: $id, idempotencyKey: $key) {{
    __typename ... on StructureDecided {{ structure {{ id status validatedAt }} }} ... on Refusal {{ code }}
  }}
}}"""
ATTACHMENT = """
mutation ($id: ID!, $key: UUID!) {{
  {verb}Attachment(attachmentId: $id, idempotencyKey: $key) {{
    __typename ... on AttachmentDecided {{ attachment {{ status }} }} ... on Refusal {{ code }}
  }}
}}"""
STRUCTURE = "query ($id: ID!) { structure(id: $id) { id name status attachments { id status personName } } }"
STRUCTURES = """
query ($after: String, $first: Int! = 20, $status: StructureStatus) {
  structures(first: $first, after: $after, status: $status) {
    edges { node { id siren } } pageInfo { hasNextPage endCursor }
  }
}"""
ME = "{ me { id roles attachments { status structure { name } } } }"


async def decide(identity: Any, verb: str, structure_id: UUID, **who: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(
        DECIDE.format(verb=verb), {"id": str(structure_id)}, **{"by": identity.admin, **who}
    )
    return answer


async def colleague(identity: Any) -> tuple[Any, str]:
    """A second person of the first structure, and the id of their request."""
    answer = await identity.sign_up_pro(email="collegue@example.com", firstName="Yann")
    await identity.confirm()
    person = principal(person_id=UUID(answer["person"]["id"]))
    (event,) = [
        e for e in await identity.events("identity.attachment.v1") if e["person_id"] == str(person.person_id)
    ]
    return person, event["id"]


async def test_a_validated_structure_is_published_and_makes_its_people_pro(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    answer = await decide(identity, "validate", structure_id)
    assert answer["structure"]["status"] == "VALIDATED"
    assert answer["structure"]["validatedAt"] == "2026-11-22T10:00:00Z"
    state = (await identity.events("identity.structure.v1"))[-1]
    assert (state["version"], state["status"], state["validated_at"]) == (
        2,
        "validated",
        "2026-11-22T10:00:00Z",
    )
    assert (await identity.events("identity.person.v1"))[-1]["roles"] == ["pro"]
    assert (await identity.mails())[-1]["Subject"] == "La Criée est validée sur le pass Culture"
    me = await identity.act(ME, by=pro)
    assert me["roles"] == ["pro"]


async def test_a_rejected_structure_rejects_its_attachments(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    assert (await decide(identity, "reject", structure_id))["structure"]["status"] == "REJECTED"
    assert (await identity.events("identity.attachment.v1"))[-1]["status"] == "rejected"
    assert (await identity.act(ME, by=pro))["attachments"] == [{"status": "REJECTED", "structure": None}]
    assert (await identity.mails())[-1]["Subject"].startswith("La Criée n’a pas été validée")


async def test_a_move_outside_the_table_is_refused(identity: Any) -> None:
    _, structure_id = await identity.pro()
    await decide(identity, "validate", structure_id)
    for verb in ("validate", "reject"):
        assert (await decide(identity, verb, structure_id))["code"] == "STRUCTURE_MOVE_REFUSED"
    assert (await decide(identity, "close", structure_id))["structure"]["status"] == "CLOSED"
    assert (await identity.events("identity.person.v1"))[-1]["roles"] == []


@pytest.mark.parametrize("verb", ["validate", "reject", "close"])
async def test_only_the_team_decides_on_structures(identity: Any, verb: str) -> None:
    pro, structure_id = await identity.pro()
    document, variables = DECIDE.format(verb=verb), {"id": str(structure_id), "key": str(new_id())}
    assert await identity.api.error_code(document, variables, by=pro) == "FORBIDDEN"
    assert await identity.api.error_code(document, variables, by=principal("finance")) == "FORBIDDEN"
    assert await identity.api.error_code(document, variables) == "UNAUTHENTICATED"


async def test_unknown_ids_are_refused_and_malformed_ones_are_errors(identity: Any) -> None:
    document = DECIDE.format(verb="validate")
    unknown = await decide(identity, "validate", new_id())
    assert unknown["code"] == "STRUCTURE_NOT_FOUND"
    malformed = {"id": "x", "key": str(new_id())}
    assert await identity.api.error_code(document, malformed, by=identity.admin) == "BAD_INPUT"


async def test_a_validated_colleague_sees_what_a_pending_one_does_not(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    person, attachment_id = await colleague(identity)
    query = {"id": str(structure_id)}
    assert (await identity.api.data(STRUCTURE, query, by=person))["structure"] is None
    assert (await identity.act(ME, by=person))["attachments"] == [{"status": "PENDING", "structure": None}]
    shown = await identity.act(STRUCTURE, query, by=pro)
    assert {entry["personName"]: entry["status"] for entry in shown["attachments"]} == {
        "Anne Le Gall": "VALIDATED",
        "Yann Le Gall": "PENDING",
    }
    validated = await identity.act(ATTACHMENT.format(verb="validate"), {"id": attachment_id}, by=pro)
    assert validated["attachment"]["status"] == "VALIDATED"
    assert (await identity.act(STRUCTURE, query, by=person))["name"] == "La Criée"
    assert (await identity.mails())[-1]["Subject"] == "Votre rattachement à La Criée est validé"


async def test_a_stranger_and_the_asker_decide_on_nothing(identity: Any) -> None:
    await identity.pro()
    person, attachment_id = await colleague(identity)
    stranger, _ = await identity.pro(email="autre@example.com", siren="552100554")
    variables = {"id": attachment_id, "key": str(new_id())}
    for verb in ("validate", "reject"):
        for who in (person, stranger):
            refused = await identity.act(ATTACHMENT.format(verb=verb), variables, by=who)
            assert refused["code"] == "ATTACHMENT_NOT_FOUND"
        assert await identity.api.error_code(ATTACHMENT.format(verb=verb), variables) == "UNAUTHENTICATED"


async def test_the_team_rejects_a_request_and_it_stays_rejected(identity: Any) -> None:
    await identity.pro()
    _, attachment_id = await colleague(identity)
    rejected = await identity.act(ATTACHMENT.format(verb="reject"), {"id": attachment_id}, by=identity.admin)
    assert rejected["attachment"]["status"] == "REJECTED"
    again = await identity.act(ATTACHMENT.format(verb="validate"), {"id": attachment_id}, by=identity.admin)
    assert again["code"] == "ATTACHMENT_MOVE_REFUSED"


async def test_a_pending_structure_is_nobodys_business_a_validated_one_is_public(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    stranger, _ = await identity.pro(email="autre@example.com", siren="552100554")
    query = {"id": str(structure_id)}
    for who in ({}, {"by": stranger}, {"by": principal("beneficiary")}):
        assert (await identity.api.data(STRUCTURE, query, **who))["structure"] is None
    for who in ({"by": pro}, {"by": identity.admin}):
        assert (await identity.act(STRUCTURE, query, **who))["status"] == "PENDING"
    await decide(identity, "validate", structure_id)
    shown = await identity.act(STRUCTURE, query)
    assert (shown["name"], shown["attachments"]) == ("La Criée", None)


async def test_lists_are_own_structures_or_all_for_the_team_page_by_page(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    _, other_id = await identity.pro(email="autre@example.com", siren="552100554")
    own = await identity.act(STRUCTURES, by=pro)
    assert [edge["node"]["id"] for edge in own["edges"]] == [str(structure_id)]
    newest = await identity.act(STRUCTURES, {"first": 1}, by=identity.admin)
    assert [edge["node"]["id"] for edge in newest["edges"]] == [str(other_id)]
    assert newest["pageInfo"]["hasNextPage"] is True
    after = newest["pageInfo"]["endCursor"]
    older = await identity.act(STRUCTURES, {"first": 1, "after": after}, by=identity.admin)
    assert [edge["node"]["id"] for edge in older["edges"]] == [str(structure_id)]
    assert older["pageInfo"]["hasNextPage"] is False
    assert (await identity.act(STRUCTURES, {"status": "VALIDATED"}, by=identity.admin))["edges"] == []
    assert await identity.api.error_code(STRUCTURES) == "UNAUTHENTICATED"
    assert await identity.api.error_code(STRUCTURES, {"first": 101}, by=pro) == "BAD_INPUT"
    assert await identity.api.error_code(STRUCTURES, {"after": "x"}, by=pro) == "BAD_INPUT"


async def test_a_signed_in_person_joins_another_structure(identity: Any) -> None:
    pro, _ = await identity.pro()
    await identity.pro(email="autre@example.com", siren="552100554", structureName="Le Liberté")
    document = """
    mutation ($siren: String!, $key: UUID!) {
      joinStructure(siren: $siren, structureName: "Nouvelle", idempotencyKey: $key) {
        __typename ... on StructureJoined { attachment { id status structure { name } } } ... on Refusal { code }
      }
    }"""
    known = await identity.act(document, {"siren": "552100554"}, by=pro)
    assert known["attachment"]["status"] == "PENDING"
    assert known["attachment"]["structure"] is None
    new = await identity.act(document, {"siren": "356000000"}, by=pro)
    assert (new["attachment"]["status"], new["attachment"]["structure"]) == (
        "VALIDATED",
        {"name": "Nouvelle"},
    )
    again = await identity.act(document, {"siren": "356000000"}, by=pro)
    assert again["attachment"]["id"] == new["attachment"]["id"]
    assert (await identity.act(document, {"siren": "1"}, by=pro))["code"] == "INVALID_SIREN"
