"""A sign-in by a device that is new is asked about; whoever says that it was not them puts the account to sleep."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from chassis.incoming import CLIENT_ADDRESS_HEADER
from identity_world import PASSWORD

pytestmark = pytest.mark.servers

EMAIL = "jeune@example.com"
PHONE, STRANGE = str(new_id()), str(new_id())
SIGN_IN = """mutation ($email: String!, $password: String!, $device: UUID) {
  signIn(email: $email, password: $password, deviceId: $device) {
    __typename ... on Session { refreshToken } ... on Refusal { code } } }"""
REPORT = """mutation ($token: String!, $key: UUID!) { reportSignIn(token: $token, idempotencyKey: $key) {
  __typename ... on Refusal { code } } }"""
UNSUSPEND = """mutation ($id: ID!, $key: UUID!) { unsuspendPerson(personId: $id, idempotencyKey: $key) {
  __typename ... on Refusal { code } } }"""
SUSPEND = """mutation ($id: ID!, $reason: SuspensionReason!, $key: UUID!) {
  suspendPerson(personId: $id, reason: $reason, idempotencyKey: $key) { __typename ... on Refusal { code } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Refusal { code } } }"""


async def sign_in(
    identity: Any, device: str | None, address: str = "203.0.113.1", password: str = PASSWORD
) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(
        SIGN_IN,
        {"email": EMAIL, "password": password, "device": device},
        headers={CLIENT_ADDRESS_HEADER: address},
    )
    return answer


async def questions(identity: Any) -> list[str]:
    """The token of each mail that asks, as they were owed."""
    asks = [mail for mail in await identity.mails() if str(mail["Subject"]).startswith("Est-ce bien vous")]
    assert all(mail["To"] == EMAIL for mail in asks)
    return [re.findall(r"token=(\S+)", mail.get_content())[0] for mail in asks]


async def test_a_device_is_asked_about_once_and_never_the_first(identity: Any) -> None:
    await identity.young_person()
    await sign_in(identity, PHONE)
    assert await questions(identity) == []
    await sign_in(identity, PHONE, "198.51.100.7")
    assert await questions(identity) == [], "it has moved, and is the same"
    await sign_in(identity, STRANGE)
    assert len(await questions(identity)) == 1, "from the same network, and another"
    await sign_in(identity, STRANGE)
    assert len(await questions(identity)) == 1


async def test_where_no_device_is_named_the_network_is_looked_at(identity: Any) -> None:
    await identity.young_person()
    await sign_in(identity, None)
    await sign_in(identity, None)
    assert await questions(identity) == []
    await sign_in(identity, None, "198.51.100.7")
    assert len(await questions(identity)) == 1


async def test_a_wrong_password_asks_nobody_and_makes_no_device_known(identity: Any) -> None:
    await identity.young_person()
    await sign_in(identity, PHONE)
    await sign_in(identity, STRANGE, password="Un-autre-mot-2")
    assert await questions(identity) == []
    await sign_in(identity, STRANGE)
    assert len(await questions(identity)) == 1


async def test_a_device_is_known_to_one_person_alone(identity: Any) -> None:
    await identity.young_person()
    await identity.young_person(email="tiers@example.com")
    await identity.act(SIGN_IN, {"email": "tiers@example.com", "password": PASSWORD, "device": STRANGE})
    await sign_in(identity, PHONE)
    await sign_in(identity, STRANGE)
    assert len(await questions(identity)) == 1


async def test_the_link_puts_the_account_to_sleep_and_the_password_opens_nothing(identity: Any) -> None:
    young = await identity.young_person()
    own = await sign_in(identity, PHONE)
    stolen = await sign_in(identity, STRANGE, "198.51.100.7")
    (token,) = await questions(identity)
    identity.runtime.clock.instant += timedelta(days=2)
    assert (await identity.act(REPORT, {"token": token}))["__typename"] == "SignInReported"
    for session in (own, stolen):
        assert (await identity.act(REFRESH, {"token": session["refreshToken"]}))["code"] == "INVALID_TOKEN"
    assert (await sign_in(identity, PHONE))["code"] == "INVALID_CREDENTIALS"
    event = (await identity.events("identity.person.v1"))[-1]
    assert (event["is_active"], event["suspension_reason"]) == (False, "suspicious_login_reported_by_user")
    assert (await identity.mails())[-1]["Subject"] == "Votre compte est suspendu"
    assert (await identity.act(REPORT, {"token": token}))["code"] == "INVALID_TOKEN"
    given = await identity.act(UNSUSPEND, {"id": str(young.person_id)}, by=identity.admin)
    assert given["__typename"] == "PersonUnsuspended"
    assert (await sign_in(identity, PHONE))["code"] == "INVALID_CREDENTIALS", "somebody else knows it"


async def test_the_link_lasts_seven_days(identity: Any) -> None:
    await identity.young_person()
    await sign_in(identity, PHONE)
    await sign_in(identity, STRANGE)
    (token,) = await questions(identity)
    identity.runtime.clock.instant += timedelta(days=7, seconds=1)
    assert (await identity.act(REPORT, {"token": token}))["code"] == "INVALID_TOKEN"
    assert (await sign_in(identity, PHONE))["__typename"] == "Session"


async def test_the_same_key_reports_once(identity: Any) -> None:
    await identity.young_person()
    await sign_in(identity, PHONE)
    await sign_in(identity, STRANGE)
    (token,) = await questions(identity)
    key = str(new_id())
    answers = [await identity.act(REPORT, {"token": token, "key": key}) for _ in range(2)]
    assert [answer["__typename"] for answer in answers] == ["SignInReported"] * 2


async def test_the_team_cannot_say_it_in_somebodys_place(identity: Any) -> None:
    young = await identity.young_person()
    variables = {"id": str(young.person_id), "reason": "SUSPICIOUS_LOGIN_REPORTED_BY_USER"}
    assert (await identity.act(SUSPEND, variables, by=identity.admin))["code"] == "REASON_NOT_OF_THE_TEAM"
