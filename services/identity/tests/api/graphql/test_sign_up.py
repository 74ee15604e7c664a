"""Signing up in the app: nobody learns which addresses are known (domain.md §2.2, §2.8)."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from identity.persistence.tables import persons

pytestmark = pytest.mark.servers


async def test_a_young_person_signs_up_and_confirms_by_the_mailed_link(identity: Any) -> None:
    answer = await identity.sign_up()
    assert answer["person"]["emailConfirmed"] is False
    confirmed = await identity.confirm_email(await identity.mailed_token())
    assert confirmed["person"] == {"id": answer["person"]["id"], "emailConfirmed": True}
    states = await identity.events("identity.person.v1")
    assert [(state["version"], state["email_confirmed"]) for state in states] == [(1, False), (2, True)]
    assert {state["department_code"] for state in states} == {"35"}


BAD_INPUT: list[tuple[dict[str, Any], str]] = [
    ({"email": "jeune"}, "MALFORMED_EMAIL"),
    ({"password": "abc"}, "WEAK_PASSWORD"),
    ({"firstName": ""}, "INVALID_NAME"),
    ({"postalCode": "3500"}, "INVALID_POSTAL_CODE"),
    ({"birthDate": "2011-11-23"}, "TOO_YOUNG"),
    ({"birthDate": "2030-01-01"}, "TOO_YOUNG"),
]


async def test_bad_input_is_a_typed_refusal_and_nothing_is_written(identity: Any) -> None:
    for change, code in BAD_INPUT:
        assert (await identity.sign_up(**change))["code"] == code
    assert await identity.count(persons) == 0
    assert await identity.mails() == []


async def test_15_today_is_old_enough(identity: Any) -> None:
    assert (await identity.sign_up(birthDate="2011-11-22"))["__typename"] == "SignedUp"


async def test_a_known_address_gets_the_same_answer_and_a_mail_of_its_own(identity: Any) -> None:
    first = await identity.sign_up()
    await identity.confirm()
    second = await identity.sign_up(password="Autrement123!")
    assert first["person"].keys() == second["person"].keys()
    assert first["person"] | {"id": ""} == second["person"] | {"id": ""}
    assert first["person"]["id"] != second["person"]["id"]
    assert [mail["Subject"] for mail in await identity.mails()] == ["Vous avez déjà un compte pass Culture"]
    assert await identity.count(persons) == 1
    assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"


async def test_two_forms_of_an_address_wait_side_by_side_and_the_first_confirmed_counts(
    identity: Any,
) -> None:
    await identity.sign_up()
    again = await identity.sign_up(password="Autrement123!", firstName="Lise")
    first_link, second_link = await identity.mailed_tokens()
    assert again["person"]["firstName"] == "Lise"
    assert (await identity.confirm_email(second_link, "Autrement123!"))["__typename"] == "EmailConfirmed"
    assert (await identity.confirm_email(first_link))["code"] == "INVALID_TOKEN"
    assert (await identity.sign_in("jeune@example.com"))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.sign_in("jeune@example.com", "Autrement123!"))["__typename"] == "Session"
    assert await identity.count(persons) == 1


async def test_a_pro_address_is_not_betrayed_by_the_app(identity: Any) -> None:
    await identity.pro(email="jeune@example.com")
    answer = await identity.sign_up()
    assert answer["__typename"] == "SignedUp"
    assert answer["person"]["roles"] == answer["person"]["grants"] == []


async def test_one_key_has_one_effect(identity: Any) -> None:
    key = str(new_id())
    assert await identity.sign_up(key) == await identity.sign_up(key)
    assert len(await identity.events("identity.person.v1")) == 1


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "\u0000"])
async def test_an_unknown_link_is_refused(identity: Any, token: str) -> None:
    assert (await identity.confirm_email(token))["code"] == "INVALID_TOKEN"


async def test_a_link_is_good_once_and_for_30_minutes(identity: Any) -> None:
    await identity.sign_up()
    token = await identity.mailed_token()
    start = identity.runtime.clock.instant
    identity.runtime.clock.instant = start + timedelta(minutes=30, seconds=1)
    assert (await identity.confirm_email(token))["code"] == "INVALID_TOKEN"
    identity.runtime.clock.instant = start + timedelta(minutes=30)
    assert (await identity.confirm_email(token))["__typename"] == "EmailConfirmed"
    assert (await identity.confirm_email(token))["code"] == "INVALID_TOKEN"
