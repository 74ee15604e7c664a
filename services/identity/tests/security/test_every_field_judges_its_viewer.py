"""Whatever way leads to somebody's data, each field asks who is looking: no entry point is relied upon."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql import GraphQLObjectType, get_named_type
from strawberry.types.base import get_object_definition

from chassis.graphql import build_schema
from chassis.graphql.context import Context
from chassis.ids import new_id
from chassis.testing import principal
from identity.api.graphql.types import Attachment, Grant, IdentityCheck, Person, Structure
from identity.domain.attachments import AttachmentStatus
from identity.domain.file_steps import CheckStatus
from identity.domain.grants import GrantFamily, GrantKind
from identity.domain.structures import StructureStatus
from identity.persistence.records import (
    AttachmentRecord,
    GrantRecord,
    IdentityCheckRecord,
    PersonRecord,
    StructureRecord,
)

pytestmark = pytest.mark.servers

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWNER, STRUCTURE = new_id(), new_id()
PERSON = PersonRecord(
    id=OWNER, email="a@example.com", password_hash="", first_name="A", last_name="B", created_at=NOW
)
CHECK = IdentityCheckRecord(
    id=new_id(), person_id=OWNER, status=CheckStatus.PENDING, document_digest=b"",
    document_digests=(), first_name="A", last_name="B",
    birth_date=NOW.date(), city="Rennes", postal_code="35000", activity="Lycéen", submitted_at=NOW,
)  # fmt: skip
GRANT = GrantRecord(
    id=new_id(), person_id=OWNER, kind=GrantKind.GRANT_17_18, family=GrantFamily.AGE_17_18, amount_cents=15000,
    digital_cap_cents=None, physical_cap_cents=None, granted_at=NOW, expires_at=None,
)  # fmt: skip
PENDING = StructureRecord(
    id=STRUCTURE, siren="732829320", name="S", status=StructureStatus.PENDING, created_at=NOW
)
ASKED = AttachmentRecord(
    id=new_id(), person_id=OWNER, structure_id=STRUCTURE, status=AttachmentStatus.PENDING, right_held=None,
    created_at=NOW,
)  # fmt: skip


@strawberry.type
class Careless:
    """Entry points that ask nobody who they are."""

    @strawberry.field
    def person(self) -> Person:
        return Person.of(PERSON)

    @strawberry.field
    def check(self) -> IdentityCheck:
        return IdentityCheck.of(CHECK)

    @strawberry.field
    def grant(self) -> Grant:
        return Grant.of(GRANT)

    @strawberry.field
    def structure(self) -> Structure:
        return Structure.of(PENDING)

    @strawberry.field
    def attachment(self) -> Attachment:
        return Attachment.of(ASKED)


SCHEMA = build_schema(Careless)


def fields() -> list[tuple[str, str]]:
    """Every field of every type behind a careless entry point, from the schema itself."""
    found = []
    query = SCHEMA._schema.query_type
    assert query is not None
    for entry in ("person", "check", "grant", "structure", "attachment"):
        shown = get_named_type(query.fields[entry].type)
        assert isinstance(shown, GraphQLObjectType)
        for name, field in shown.fields.items():
            inner = get_named_type(field.type)
            found.append(
                (entry, f"{name} {{ __typename }}" if isinstance(inner, GraphQLObjectType) else name)
            )
    return found


async def ask(identity: Any, entry: str, field: str, who: Any) -> Any:
    context = Context(runtime=identity.runtime, now=NOW, principal=who, client_address="")
    checked = SCHEMA.check(f"{{ {entry} {{ {field} }} }}")
    assert checked.document is not None, checked.errors
    return await SCHEMA.perform(checked.document, {}, None, context)


@pytest.mark.parametrize(("entry", "field"), fields())
async def test_a_field_is_for_its_owner_and_the_team_whoever_led_there(
    identity: Any, entry: str, field: str
) -> None:
    for who in (None, principal("beneficiary"), principal("pro"), principal("finance")):
        result = await ask(identity, entry, field, who)
        assert [error.original_error.code for error in result.errors] == ["FORBIDDEN"], (who, field)
    team = [principal("admin")]
    owner = [] if entry == "structure" else [principal("beneficiary", person_id=OWNER)]
    for who in team + owner:
        assert not (await ask(identity, entry, field, who)).errors, (who, field)


def test_no_type_that_holds_a_record_goes_unjudged() -> None:
    from identity.api.graphql import types

    judged = set()
    for name, cls in vars(types).items():
        definition = get_object_definition(cls) if isinstance(cls, type) else None
        if definition is None or definition.is_input or not hasattr(cls, "of"):
            continue
        if name in ("Session", "Company"):
            continue  # made of what the very request has proved; public, and nothing that we keep
        assert hasattr(cls, "may_be_seen"), name
        assert all(field.extensions for field in definition.fields), name
        judged.add(name)
    assert {"Person", "Structure"} <= judged


async def test_a_replayed_sign_up_shows_nothing_of_the_account_that_came_of_it(identity: Any) -> None:
    key = str(new_id())
    document = """
    mutation ($input: SignUpInput!, $key: UUID!) { signUp(input: $input, idempotencyKey: $key) {
      ... on SignedUp { person { id firstName emailConfirmed roles phone grants { id } attachments { id }
        identityCheck { id birthDate } } } } }"""
    variables = {"input": identity.app_form(), "key": key}
    first = await identity.act(document, variables)
    await identity.confirm()
    owner = principal("beneficiary", person_id=UUID(first["person"]["id"]))
    await identity.granted(owner)
    again = await identity.act(document, variables)
    assert again == first
    assert (again["person"]["grants"], again["person"]["identityCheck"]) == ([], None)


async def test_a_replayed_pro_sign_up_shows_nothing_of_what_became_of_it(identity: Any) -> None:
    key = str(new_id())
    first = await identity.sign_up_pro(key)
    await identity.confirm()
    validate = """mutation ($id: ID!, $key: UUID!) {
      validateStructure(structureId: $id, idempotencyKey: $key) { __typename } }"""
    await identity.act(validate, {"id": first["structure"]["id"]}, by=identity.admin)
    assert await identity.sign_up_pro(key) == first


async def test_what_a_password_or_a_link_has_proved_is_shown(identity: Any) -> None:
    await identity.sign_up()
    document = """mutation ($token: String!, $password: String!) { confirmEmail(token: $token, password: $password) {
      ... on EmailConfirmed { person { email grants { id } identityCheck { id } } } } }"""
    variables = {"token": await identity.mailed_token(), "password": "Abcdefgh123!"}
    shown = await identity.act(document, variables)
    assert shown["person"] == {"email": "jeune@example.com", "grants": [], "identityCheck": None}
