"""Signing up a cultural actor, through the subgraph (domain.md §2.5, §2.6)."""

from typing import Any

import pytest
import sqlalchemy as sa

from chassis.ids import new_id
from identity.persistence.tables import attachments, persons, structures

pytestmark = pytest.mark.servers


async def test_a_pro_signs_up_and_the_structure_is_pending(identity: Any) -> None:
    answer = await identity.sign_up_pro(email=" Lieu@Example.COM ")
    assert answer["person"] | {"id": ""} == {
        "id": "",
        "email": "lieu@example.com",
        "roles": [],
        "emailConfirmed": False,
    }
    assert answer["structure"] | {"id": ""} == {
        "id": "",
        "siren": "732829320",
        "name": "La Criée",
        "status": "PENDING",
    }
    assert answer["attachmentStatus"] == "VALIDATED"
    assert [mail["To"] for mail in await identity.mails()] == ["lieu@example.com"]
    assert [event.get("siren") for event in await identity.events("identity.structure.v1")] == ["732829320"]


BAD_INPUT: list[tuple[dict[str, Any], str]] = [
    ({"siren": "732829321"}, "INVALID_SIREN"),
    ({"siren": "7328293200007"}, "INVALID_SIREN"),
    ({"password": "Abcdefgh1234"}, "WEAK_PASSWORD"),
    ({"email": "lieu.example.com"}, "MALFORMED_EMAIL"),
    ({"email": "a\u0000@exa mple.com"}, "MALFORMED_EMAIL"),
    ({"phone": "bonjour"}, "INVALID_PHONE"),
    ({"firstName": " "}, "INVALID_NAME"),
    ({"lastName": "x" * 129}, "INVALID_NAME"),
    ({"structureName": "\u200b\u0000"}, "INVALID_NAME"),
    ({"firstName": "\u200b"}, "INVALID_NAME"),
    ({"email": "josé@example.com"}, "MALFORMED_EMAIL"),
]


async def test_bad_input_is_a_typed_refusal_and_nothing_is_written(identity: Any) -> None:
    for change, code in BAD_INPUT:
        answer = await identity.sign_up_pro(**change)
        assert answer["code"] == code
        assert answer["message"]
    assert [await identity.count(table) for table in (persons, structures, attachments)] == [0, 0, 0]
    assert await identity.events() == []


async def test_a_siren_may_be_typed_with_spaces(identity: Any) -> None:
    answer = await identity.sign_up_pro(siren="732 829 320")
    assert answer["structure"]["siren"] == "732829320"


async def test_an_address_that_is_used_is_said_on_the_pro_side(identity: Any) -> None:
    await identity.pro()
    answer = await identity.sign_up_pro(email="LIEU@example.com", siren="552100554")
    assert answer["code"] == "EMAIL_ALREADY_USED"
    assert await identity.count(structures) == 1


async def test_E78_a_second_colleague_waits_and_sees_nothing(identity: Any) -> None:
    await identity.pro()
    answer = await identity.sign_up_pro(email="collegue@example.com")
    assert answer["__typename"] == "SignedUpPro"
    assert (answer["attachmentStatus"], answer["structure"]) == ("PENDING", None)
    assert await identity.count(structures) == 1


async def test_one_key_has_one_effect_and_another_body_is_a_conflict(identity: Any) -> None:
    key = str(new_id())
    first = await identity.sign_up_pro(key)
    again = await identity.sign_up_pro(key)
    assert first == again
    assert await identity.count(persons) == 1
    for change in ({"firstName": "Annie"}, {"password": "Autrement123!"}):
        with pytest.raises(AssertionError, match="IDEMPOTENCY_CONFLICT"):
            await identity.sign_up_pro(key, **change)


async def test_a_password_is_kept_as_argon2id_only(identity: Any) -> None:
    await identity.sign_up_pro()
    async with identity.runtime.database.read() as connection:
        stored = await connection.scalar(sa.select(persons.c.password_hash))
    assert stored.startswith("$argon2id$")
