"""Neither signing up nor what follows says whether an address was free; mails to strangers carry no words of others."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.ids import new_id

pytestmark = pytest.mark.servers

OTHER = "Autrement123!"


async def test_signing_in_after_signing_up_answers_the_same_for_a_free_and_a_taken_address(
    identity: Any,
) -> None:
    await identity.young_person(email="pris@example.com")
    answers = []
    for email in ("pris@example.com", "libre@example.com"):
        await identity.sign_up(email=email, password=OTHER)
        right, wrong = await identity.sign_in(email, OTHER), await identity.sign_in(email, "Encore-autre-1")
        answers.append([right["code"], wrong["code"]])
    assert answers[0] == answers[1] == ["EMAIL_NOT_CONFIRMED", "INVALID_CREDENTIALS"]
    identity.runtime.clock.instant += timedelta(hours=24, seconds=1)
    later = [(await identity.sign_in(f"{who}@example.com", OTHER))["code"] for who in ("pris", "libre")]
    assert later == ["INVALID_CREDENTIALS"] * 2


async def test_the_owner_still_signs_in_while_somebody_elses_form_waits(identity: Any) -> None:
    await identity.young_person()
    await identity.sign_up(password=OTHER)
    assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"


async def test_a_mail_to_an_address_nobody_has_confirmed_holds_nothing_of_the_form(identity: Any) -> None:
    words = "Gagnez un iPhone sur hameçon.example"
    await identity.sign_up(firstName=words, lastName=words)
    await identity.sign_up_pro(
        email="autre@example.com", firstName=words, lastName=words, structureName=words
    )
    mails = await identity.mails()
    assert len(mails) == 2
    assert not any("iPhone" in mail.as_string() or "iPhone" in mail.get_content() for mail in mails)


async def test_an_address_gets_five_mails_an_hour_and_every_form_the_same_answer(identity: Any) -> None:
    for number in range(8):
        assert (await identity.sign_up(firstName=f"Élise {number}"))["__typename"] == "SignedUp"
    async with identity.runtime.database.read() as connection:
        owed = await connection.scalar(sa.select(sa.func.count()).select_from(tables.outgoing_mails))
    assert owed == 5
    identity.runtime.clock.instant += timedelta(hours=1)
    await identity.sign_up()
    assert (await identity.confirm_email(await identity.mailed_token()))["__typename"] == "EmailConfirmed"


COSTLY = {
    "signUp": """signUp(idempotencyKey: "{key}", input: {{email: "a{n}@example.com", password: "Abcdefgh123!",
        firstName: "A", lastName: "B", birthDate: "2008-05-04", postalCode: "35000"}}) {{ __typename }}""",
    "signUpPro": """signUpPro(idempotencyKey: "{key}", input: {{email: "a{n}@example.com", phone: "0467000000",
        password: "Abcdefgh123!", firstName: "A", lastName: "B", siren: "732829320", structureName: "S"}})
        {{ __typename }}""",
    "signIn": 'signIn(email: "a{n}@example.com", password: "Abcdefgh123!") {{ __typename }}',
    "confirmEmail": 'confirmEmail(token: "none", password: "Abcdefgh123!") {{ __typename }}',
}


@pytest.mark.parametrize("field", COSTLY)
async def test_one_costly_thing_a_request_whatever_it_is_called(identity: Any, field: str) -> None:
    fields = [f"m{n}: " + COSTLY[field].format(n=n, key=new_id()) for n in range(20)]
    answer = await identity.api.execute("mutation { " + " ".join(fields) + " }")
    codes = [error["extensions"]["code"] for error in answer["errors"]]
    assert set(codes) == {"LIMIT_EXCEEDED"}
    async with identity.runtime.database.read() as connection:
        owed = await connection.scalar(sa.select(sa.func.count()).select_from(tables.outgoing_mails))
    assert owed <= 1
    again = COSTLY[field].replace(field, f"again: {field}", 1).format(n=2, key=new_id())
    mixed = f"mutation {{ {COSTLY['signIn'].format(n=1)} {again} }}"
    assert await identity.api.error_code(mixed) == "LIMIT_EXCEEDED"


async def test_one_network_signs_up_only_so_many_a_minute(identity: Any) -> None:
    identity.runtime.settings.sign_ups_per_place_per_minute = 3
    for number in range(3):
        await identity.sign_up(email=f"a{number}@example.com")
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.sign_up(email="encore@example.com")
