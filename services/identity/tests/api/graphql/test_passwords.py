"""A password that was forgotten, and one that is changed (domain.md §2.7)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.auth import Principal
from chassis.ids import new_id
from chassis.incoming import CLIENT_ADDRESS_HEADER
from chassis.testing import do_job, principal
from identity.jobs.create_staff import CREATE_STAFF

from .test_sessions import refresh, verifier

pytestmark = pytest.mark.servers

OLD, NEW = "Abcdefgh123!", "Bcdefghi234?"
FORGOTTEN = """
mutation ($email: String!, $key: UUID!) {
  requestPasswordReset(email: $email, idempotencyKey: $key) {
    __typename ... on PasswordResetRequested { email } ... on Refusal { code }
  }
}"""
RESET = """
mutation ($token: String!, $password: String!, $key: UUID!) {
  resetPassword(token: $token, newPassword: $password, idempotencyKey: $key) {
    __typename ... on Refusal { code message }
  }
}"""
CHANGE = """
mutation ($old: String!, $new: String!, $again: String!, $key: UUID!) {
  changePassword(oldPassword: $old, newPassword: $new, newPasswordConfirmation: $again, idempotencyKey: $key) {
    __typename
    ... on PasswordChanged { person { id } }
    ... on PasswordNotChanged { oldPassword newPassword newPasswordConfirmation }
    ... on Refusal { code message }
  }
}"""


async def forgets(identity: Any, email: str = "jeune@example.com", **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(FORGOTTEN, {"email": email, **given})
    return answer


async def resets(identity: Any, token: str, password: str = NEW, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(RESET, {"token": token, "password": password, **given})
    return answer


async def changes(
    identity: Any, by: Principal, old: str = OLD, new: str = NEW, again: str | None = None, **given: Any
) -> dict[str, Any]:
    typed = {"old": old, "new": new, "again": new if again is None else again}
    answer: dict[str, Any] = await identity.act(CHANGE, typed | given, by=by)
    return answer


async def link(identity: Any, email: str = "jeune@example.com") -> str:
    await forgets(identity, email)
    token: str = await identity.mailed_token()
    return token


async def signs_in(identity: Any, password: str, email: str = "jeune@example.com") -> bool:
    return bool((await identity.sign_in(email, password))["__typename"] == "Session")


async def test_a_mailed_link_replaces_a_forgotten_password_once(identity: Any) -> None:
    await identity.young_person()
    session = await identity.sign_in("jeune@example.com")
    token = await link(identity)
    assert (await resets(identity, token))["__typename"] == "PasswordReset"
    assert (await signs_in(identity, NEW), await signs_in(identity, OLD)) == (True, False)
    assert (await refresh(identity, session["refreshToken"]))["code"] == "INVALID_TOKEN", "nobody is in"
    assert (await resets(identity, token))["code"] == "INVALID_TOKEN"


async def test_a_link_is_good_for_24_hours(identity: Any) -> None:
    await identity.young_person()
    token = await link(identity)
    identity.runtime.clock.instant += timedelta(hours=24, microseconds=1)
    assert (await resets(identity, token))["code"] == "INVALID_TOKEN"
    token = await link(identity)
    identity.runtime.clock.instant += timedelta(hours=24)
    assert (await resets(identity, token))["__typename"] == "PasswordReset"


async def test_a_newer_link_voids_the_older_one_and_none_is_good_for_something_else(identity: Any) -> None:
    await identity.sign_up()
    confirmation = await identity.mailed_token()
    assert (await resets(identity, confirmation))["code"] == "INVALID_TOKEN"
    await identity.confirm()
    older, newer = await link(identity), await link(identity)
    assert (await identity.confirm_email(newer, OLD))["code"] == "INVALID_TOKEN"
    assert (await resets(identity, older))["code"] == "INVALID_TOKEN"
    assert (await resets(identity, newer))["__typename"] == "PasswordReset"


async def test_of_two_new_passwords_at_once_one_is_taken(identity: Any) -> None:
    await identity.young_person()
    token = await link(identity)
    passwords = [f"Bcdefghi234?{number}" for number in range(4)]
    answers = await asyncio.gather(*(resets(identity, token, password) for password in passwords))
    assert sorted(answer["__typename"] for answer in answers) == ["InvalidToken"] * 3 + ["PasswordReset"]
    good = [password for password in passwords if await signs_in(identity, password)]
    assert len(good) == 1


async def test_the_same_request_again_has_the_same_answer(identity: Any) -> None:
    young = await identity.young_person()
    token, key = await link(identity), str(new_id())
    first, again = [await resets(identity, token, key=key) for _ in range(2)]
    assert first == again
    assert first["__typename"] == "PasswordReset"
    key = str(new_id())
    first, again = [await changes(identity, young, NEW, OLD, key=key) for _ in range(2)]
    assert first == again
    assert first["__typename"] == "PasswordChanged"


async def test_every_address_gets_the_same_answer_and_only_an_account_a_mail(identity: Any) -> None:
    await identity.young_person()
    await identity.sign_up(email="attend@example.com")
    before = len(await identity.mails())
    for email in ("jeune@example.com", "personne@example.com", "attend@example.com"):
        assert await forgets(identity, email) == {"__typename": "PasswordResetRequested", "email": email}
    mails = await identity.mails()
    assert len(mails) == before + 1
    assert (mails[-1]["To"], mails[-1]["Subject"]) == (
        "jeune@example.com",
        "Choisissez un nouveau mot de passe",
    )
    assert (await forgets(identity, "pas une adresse"))["code"] == "MALFORMED_EMAIL"


async def test_a_suspended_account_is_not_opened_by_a_link_from_before(identity: Any) -> None:
    young = await identity.young_person()
    token = await link(identity)
    suspend = """mutation ($id: ID!, $key: UUID!) {
        suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) { __typename } }"""
    await identity.act(suspend, {"id": str(young.person_id)}, by=identity.admin)
    assert (await resets(identity, token))["code"] == "INVALID_TOKEN"
    before = len(await identity.mails())
    await forgets(identity)
    assert len(await identity.mails()) == before


async def test_one_address_gets_so_many_mails_an_hour(identity: Any) -> None:
    await identity.young_person()
    before = len(await identity.mails())
    for _ in range(8):
        assert (await forgets(identity))["__typename"] == "PasswordResetRequested"
    assert len(await identity.mails()) - before < identity.runtime.settings.mails_per_address_per_hour


async def test_tokens_are_tried_so_often_from_one_network(identity: Any) -> None:
    elsewhere = {CLIENT_ADDRESS_HEADER: "203.0.113.77"}
    for number in range(identity.runtime.settings.sign_in_attempts_per_place_per_minute):
        await identity.act(RESET, {"token": str(number), "password": NEW}, headers=elsewhere)
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.act(RESET, {"token": "x", "password": NEW}, headers=elsewhere)


@pytest.mark.parametrize(
    ("password", "code"), [("court", "WEAK_PASSWORD"), ("Password123!", "BREACHED_PASSWORD")]
)
async def test_a_bad_password_does_not_cost_the_link(identity: Any, password: str, code: str) -> None:
    await identity.young_person()
    token = await link(identity)
    assert (await resets(identity, token, password))["code"] == code
    assert (await resets(identity, token))["__typename"] == "PasswordReset"


async def test_a_password_is_changed_by_the_old_one_and_its_owner_hears_of_it(identity: Any) -> None:
    young = await identity.young_person()
    assert await changes(identity, young) == {
        "__typename": "PasswordChanged",
        "person": {"id": str(young.person_id)},
    }
    assert (await signs_in(identity, NEW), await signs_in(identity, OLD)) == (True, False)
    assert (await identity.mails())[-1]["Subject"] == "Votre mot de passe a changé"


async def test_whatever_is_wrong_with_a_change_is_said_at_once(identity: Any) -> None:
    young = await identity.young_person()
    refused = await changes(identity, young, "Autrement123!", "court", "courte")
    assert refused["code"] == "PASSWORD_NOT_CHANGED"
    wrong = (refused["oldPassword"], refused["newPassword"], refused["newPasswordConfirmation"])
    assert all(wrong)
    assert refused["message"] == " ".join(wrong)
    same = await changes(identity, young, OLD, OLD)
    assert (same["oldPassword"], same["newPasswordConfirmation"]) == (None, None)
    assert "même" in same["newPassword"]
    assert await signs_in(identity, OLD)


async def test_a_change_leaves_the_session_that_made_it_alone(identity: Any) -> None:
    await identity.young_person()
    mine, other = [await identity.sign_in("jeune@example.com") for _ in range(2)]
    me = await (await verifier(identity)).verify(mine["accessToken"])
    assert (await changes(identity, me))["__typename"] == "PasswordChanged"
    assert (await refresh(identity, other["refreshToken"]))["code"] == "INVALID_TOKEN"
    assert (await refresh(identity, mine["refreshToken"]))["__typename"] == "Session"


async def test_of_two_changes_at_once_one_is_done(identity: Any) -> None:
    young = await identity.young_person()
    answers = await asyncio.gather(
        *(changes(identity, young, OLD, f"Bcdefghi234?{number}") for number in range(4))
    )
    done = [answer["__typename"] for answer in answers]
    assert done.count("PasswordChanged") == 1, answers


async def test_the_old_password_is_not_guessed_with_a_stolen_token(identity: Any) -> None:
    young = await identity.young_person()
    for number in range(identity.runtime.settings.sign_in_attempts_per_minute):
        assert (await changes(identity, young, f"Autrement{number}!"))["code"] == "PASSWORD_NOT_CHANGED"
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await changes(identity, young)
    assert await signs_in(identity, OLD), "and its owner is not locked out"


async def test_the_team_chooses_no_password_by_mail(identity: Any) -> None:
    arguments = ("--email", "equipe@example.com", "--role", "admin", "--password", OLD)
    await do_job(identity.runtime, CREATE_STAFF, *arguments)
    before = len(await identity.mails())
    assert (await forgets(identity, "equipe@example.com"))["__typename"] == "PasswordResetRequested"
    assert len(await identity.mails()) == before


async def test_an_anonymous_change_is_nobodys(identity: Any) -> None:
    nobody = principal(person_id=UUID(int=7))
    typed = {"old": OLD, "new": NEW, "again": NEW, "key": str(new_id())}
    assert await identity.api.error_code(CHANGE, typed) == "UNAUTHENTICATED"
    assert await identity.api.error_code(CHANGE, typed, by=nobody) == "UNAUTHENTICATED"
