"""Separation of duties: who asked never validates, and the team acts for no structure."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chassis.auth import Principal, StaticKeys, TokenVerifier
from chassis.ids import new_id
from chassis.testing import do_job, principal
from identity.jobs.create_staff import CREATE_STAFF
from identity.persistence.tables import persons

pytestmark = pytest.mark.servers

STRUCTURE = """mutation ($id: ID!, $key: UUID!) {{
  {verb}Structure(structureId: $id, idempotencyKey: $key) {{ __typename ... on Refusal {{ code }} }} }}"""
ATTACHMENT = """mutation ($id: ID!, $key: UUID!) {{
  {verb}Attachment(attachmentId: $id, idempotencyKey: $key) {{ __typename ... on Refusal {{ code }} }} }}"""
JOIN = """mutation ($siren: String!, $key: UUID!) {
  joinStructure(siren: $siren, structureName: "La Criée", idempotencyKey: $key) {
    __typename ... on StructureJoined { attachment { id } } ... on Refusal { code } } }"""


async def staff(identity: Any, role: str) -> Principal:
    who: Principal = (await identity.colleague(f"{role}@example.com", role)).principal
    return who


async def as_team(identity: Any, who: Principal) -> Principal:
    """The same person with the rights of the team in their token, as a mistake or a theft would give them."""
    return principal("admin", person_id=who.person_id)


@pytest.mark.parametrize("role", ["admin", "finance"])
async def test_the_team_joins_no_structure(identity: Any, role: str) -> None:
    await identity.pro()
    who = await staff(identity, role)
    for siren in ("732829320", "552100554"):
        assert (await identity.act(JOIN, {"siren": siren}, by=who))["code"] == "STAFF_ACTS_FOR_NOBODY"


@pytest.mark.parametrize("verb", ["validate", "reject"])
async def test_nobody_of_the_team_decides_on_a_request_of_their_own(identity: Any, verb: str) -> None:
    _, structure_id = await identity.pro()
    answer = await identity.sign_up_pro(email="collegue@example.com", firstName="Yann")
    asker = principal("admin", person_id=UUID(answer["person"]["id"]))
    (own,) = [
        event["id"]
        for event in await identity.events("identity.attachment.v1")
        if event["person_id"] == str(asker.person_id)
    ]
    decided = await identity.act(ATTACHMENT.format(verb=verb), {"id": own}, by=asker)
    assert decided["code"] == "DECIDES_FOR_THEMSELVES"
    again = await identity.act(STRUCTURE.format(verb=verb), {"id": str(structure_id)}, by=asker)
    assert again["code"] == "DECIDES_FOR_THEMSELVES"


@pytest.mark.parametrize("verb", ["validate", "reject", "close"])
async def test_nobody_of_the_team_decides_on_a_structure_they_belong_to(identity: Any, verb: str) -> None:
    pro, structure_id = await identity.pro()
    own = await as_team(identity, pro)
    decided = await identity.act(STRUCTURE.format(verb=verb), {"id": str(structure_id)}, by=own)
    assert decided["code"] == "DECIDES_FOR_THEMSELVES"
    (event,) = await identity.events("identity.attachment.v1")
    rejected = await identity.act(ATTACHMENT.format(verb="reject"), {"id": event["id"]}, by=own)
    assert rejected["code"] == "DECIDES_FOR_THEMSELVES"


async def test_nobody_accepts_their_own_identity_check(identity: Any) -> None:
    young = await identity.young_person()
    await identity.submit(young)
    accept = """mutation ($id: ID!, $key: UUID!) {{
      {verb}IdentityCheck(personId: $id, idempotencyKey: $key) {{ ... on Refusal {{ code }} }} }}"""
    for verb in ("accept", "reject"):
        variables = {"id": str(young.person_id)}
        decided = await identity.act(accept.format(verb=verb), variables, by=await as_team(identity, young))
        assert decided["code"] == "DECIDES_FOR_THEMSELVES"


async def test_somebody_of_a_structure_is_made_no_staff_and_staff_no_pro(identity: Any) -> None:
    colleague = await identity.colleague("finance@example.com", "finance")
    who = colleague.principal
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(
            sa.text(
                "INSERT INTO structures (id, siren, name, status, created_at) "
                "VALUES (:id, '732829320', 'S', 'pending', now())"
            ),
            {"id": (structure_id := new_id())},
        )
        await connection.execute(
            sa.text(
                "INSERT INTO attachments (id, person_id, structure_id, status, created_at) "
                "VALUES (:id, :person, :structure, 'validated', now())"
            ),
            {"id": new_id(), "person": who.person_id, "structure": structure_id},
        )
    # An attachment of before opens no portal any more, and is not added to.
    session = await identity.session_of(colleague)
    verifier = TokenVerifier(StaticKeys(identity.runtime.access_tokens.key_set()))
    token = await verifier.verify(session["accessToken"])
    assert (token.roles, token.structure_ids) == ({"finance"}, frozenset())
    arguments = ("--email", "finance@example.com", "--role", "admin", "--password", "Abcdefgh123!")
    with pytest.raises(SystemExit, match="agir pour une structure"):
        await do_job(identity.runtime, CREATE_STAFF, *arguments)
    validate = STRUCTURE.format(verb="validate")
    await identity.act(validate, {"id": str(structure_id)}, by=identity.admin)
    async with identity.runtime.database.read() as connection:
        roles = await connection.scalar(sa.select(persons.c.roles).where(persons.c.id == who.person_id))
    assert roles == {"finance"}


async def test_the_database_is_the_last_guard(identity: Any) -> None:
    who = await staff(identity, "admin")
    with pytest.raises(IntegrityError, match="staff_acts_for_nobody"):
        async with identity.runtime.database.engine.begin() as connection:
            await connection.execute(
                sa.text("UPDATE persons SET roles = '{admin,pro}' WHERE id = :id"), {"id": who.person_id}
            )


async def test_a_suspended_persons_token_acts_no_more(identity: Any) -> None:
    pro, _ = await identity.pro()
    assert (await identity.act(JOIN, {"siren": "552100554"}, by=pro))["__typename"] == "StructureJoined"
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE persons SET is_active = false, suspension_reason = 'fraud' WHERE id = :id"),
            {"id": pro.person_id},
        )
    variables = {"siren": "356000000", "key": str(new_id())}
    assert await identity.api.error_code(JOIN, variables, by=pro) == "FORBIDDEN"
    (event, *_) = await identity.events("identity.attachment.v1")
    variables = {"id": event["id"], "key": str(new_id())}
    for verb in ("validate", "reject"):
        assert await identity.api.error_code(ATTACHMENT.format(verb=verb), variables, by=pro) == "FORBIDDEN"
