"""`deactivateAccount`, `reactivateAccount` and `anonymise-accounts`: out, back within 60 days, then forgotten."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.ids import new_id
from chassis.testing import do_job
from identity.jobs.anonymise_accounts import ANONYMISE_ACCOUNTS
from identity.persistence import tables
from identity_world import PASSWORD

pytestmark = pytest.mark.servers

TOPIC = "identity.person.v1"
LEAVE = """mutation ($password: String!, $reason: DeactivationReason!, $key: UUID!) {
  deactivateAccount(password: $password, reason: $reason, idempotencyKey: $key) {
    __typename ... on AccountLeft { comesBackUntil } ... on Refusal { code message } } }"""
COME_BACK = """mutation ($email: String!, $password: String!, $key: UUID!) {
  reactivateAccount(email: $email, password: $password, idempotencyKey: $key) {
    __typename ... on Refusal { code } } }"""
SIGN_IN = """mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) {
  __typename ... on AccountIsDeactivated { code message comesBackUntil } ... on Refusal { code } } }"""
SUSPEND = """mutation ($id: ID!, $reason: SuspensionReason!, $key: UUID!) {
  suspendPerson(personId: $id, reason: $reason, idempotencyKey: $key) {
    __typename ... on Refusal { code message } } }"""
UNSUSPEND = """mutation ($id: ID!, $key: UUID!) { unsuspendPerson(personId: $id, idempotencyKey: $key) {
    __typename ... on Refusal { code } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Refusal { code } } }"""
EMAIL = "jeune@example.com"


async def leave(
    identity: Any, who: Principal, password: str = PASSWORD, reason: str = "NO_LONGER_USED"
) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(LEAVE, {"password": password, "reason": reason}, by=who)
    return answer


async def come_back(
    identity: Any, email: str = EMAIL, password: str = PASSWORD, key: str | None = None
) -> dict[str, Any]:
    variables = {"email": email, "password": password, "key": key or str(new_id())}
    answer: dict[str, Any] = await identity.act(COME_BACK, variables)
    return answer


async def row_of(identity: Any, who: Principal) -> Any:
    async with identity.runtime.database.read() as connection:
        found = await connection.execute(
            sa.select(tables.persons).where(tables.persons.c.id == who.person_id)
        )
        return found.one()


async def anonymise(identity: Any) -> str:
    return await do_job(identity.runtime, ANONYMISE_ACCOUNTS)


def later(identity: Any, days: int) -> None:
    identity.runtime.clock.instant += timedelta(days=days)


async def test_leaving_ends_everything_and_says_until_when_one_may_come_back(identity: Any) -> None:
    young = await identity.young_person()
    session = await identity.sign_in(EMAIL)
    left = await leave(identity, young, reason="NO_MORE_CREDIT")
    assert left["__typename"] == "AccountLeft"
    assert (await identity.act(REFRESH, {"token": session["refreshToken"]}))["code"] == "INVALID_TOKEN"
    event = (await identity.events(TOPIC))[-1]
    assert (event["is_active"], event["suspension_reason"]) == (False, "upon_user_request")
    mail = (await identity.mails())[-1]
    assert (mail["To"], mail["Subject"]) == (EMAIL, "Votre compte est désactivé")
    async with identity.runtime.database.read() as connection:
        kept = (await connection.execute(sa.select(tables.suspensions))).one()
    assert (kept.why_left, kept.decided_by) == ("no_more_credit", young.person_id)


async def test_who_has_left_is_told_at_the_door_by_the_right_password_alone(identity: Any) -> None:
    young = await identity.young_person()
    left = await leave(identity, young)
    told = await identity.act(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    assert told["code"] == "ACCOUNT_IS_DEACTIVATED"
    assert told["comesBackUntil"] == left["comesBackUntil"]
    assert (await identity.sign_in(EMAIL, "Un-autre-mot-2"))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.sign_in_staff(EMAIL))["code"] == "INVALID_CREDENTIALS"


async def test_one_comes_back_and_signs_in(identity: Any) -> None:
    young = await identity.young_person()
    await leave(identity, young)
    later(identity, 60)
    assert (await come_back(identity))["__typename"] == "AccountReactivated"
    assert (await identity.sign_in(EMAIL))["__typename"] == "Session"
    assert (await identity.events(TOPIC))[-1]["is_active"] is True
    assert (await come_back(identity))["code"] == "NOT_SUSPENDED"


async def test_the_same_key_comes_back_once(identity: Any) -> None:
    young = await identity.young_person()
    await leave(identity, young)
    key = str(new_id())
    answers = [await come_back(identity, key=key) for _ in range(2)]
    assert [answer["__typename"] for answer in answers] == ["AccountReactivated"] * 2


async def test_after_60_days_there_is_no_way_back(identity: Any) -> None:
    young = await identity.young_person()
    await leave(identity, young)
    identity.runtime.clock.instant += timedelta(days=60, seconds=1)
    assert (await come_back(identity))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.sign_in(EMAIL))["code"] == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("reason", ["FRAUD", "FRAUD_HACK", "END_OF_CONTRACT"])
async def test_whom_the_team_suspended_does_not_come_back_alone(identity: Any, reason: str) -> None:
    young = await identity.young_person()
    done = await identity.act(SUSPEND, {"id": str(young.person_id), "reason": reason}, by=identity.admin)
    assert done["__typename"] == "PersonSuspended"
    later(identity, 2)
    assert (await come_back(identity))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.sign_in(EMAIL))["code"] == "INVALID_CREDENTIALS"


async def test_wrong_passwords_are_refused_and_counted(identity: Any) -> None:
    young = await identity.young_person()
    identity.runtime.settings.sign_in_attempts_per_minute = 2
    for _ in range(2):
        assert (await leave(identity, young, "Un-autre-mot-2"))["code"] == "INVALID_CREDENTIALS"
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await leave(identity, young)
    for _ in range(2):
        assert (await come_back(identity, password="Un-autre-mot-2"))["code"] == "INVALID_CREDENTIALS"
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await come_back(identity)


async def test_the_team_neither_leaves_nor_chooses_that_an_account_is_deleted(identity: Any) -> None:
    colleague = await identity.colleague()
    assert (await leave(identity, colleague.principal))["code"] == "TEAM_DOES_NOT_LEAVE"
    young = await identity.young_person()
    variables = {"id": str(young.person_id), "reason": "DELETED"}
    assert (await identity.act(SUSPEND, variables, by=identity.admin))["code"] == "REASON_NOT_OF_THE_TEAM"


async def test_nothing_personal_is_kept_of_who_left_once_they_may_not_come_back(identity: Any) -> None:
    young = await identity.young_person()
    await identity.sign_in(EMAIL)
    await leave(identity, young)
    later(identity, 60)
    assert await anonymise(identity) == "0 accounts made anonymous"
    later(identity, 1)
    assert await anonymise(identity) == "1 accounts made anonymous"
    assert await anonymise(identity) == "0 accounts made anonymous"
    kept = await row_of(identity, young)
    assert kept.email == f"{young.person_id}@nobody.invalid"
    assert (kept.first_name, kept.last_name, kept.password_hash) == ("Anonyme", "Anonyme", "")
    assert [kept.birth_date, kept.phone, kept.postal_code, kept.city, kept.activity] == [None] * 5
    for table in (
        *(tables.sessions, tables.refresh_tokens, tables.account_tokens),
        *(tables.sign_up_forms, tables.known_places, tables.email_changes, tables.identity_checks),
    ):
        assert await identity.count(table) == 0, table.name
    event = (await identity.events(TOPIC))[-1]
    sealed = identity.runtime.sealer.open(event["sealed"], (TOPIC, young.person_id))
    assert set(sealed.values()) == {None}
    assert event["suspension_reason"] == "deleted"
    assert (await identity.sign_in(EMAIL))["code"] == "INVALID_CREDENTIALS"


async def test_an_anonymous_account_is_not_given_back_and_its_address_is_free(identity: Any) -> None:
    young = await identity.young_person()
    await leave(identity, young)
    later(identity, 61)
    await anonymise(identity)
    asked = {"id": str(young.person_id)}
    assert (await identity.act(UNSUSPEND, asked, by=identity.admin))["code"] == "NOT_SUSPENDED"
    again = await identity.young_person()
    assert again.person_id != young.person_id
    assert (await identity.sign_in(EMAIL))["__typename"] == "Session"


async def test_a_beneficiary_is_anonymous_from_21_on_and_their_credit_stays_counted(identity: Any) -> None:
    young = await identity.young_person()
    await identity.granted(young)
    await leave(identity, young)
    later(identity, 61)
    assert await anonymise(identity) == "0 accounts made anonymous"
    assert (await row_of(identity, young)).first_name == "Élise"
    later(identity, 4 * 366)
    assert await anonymise(identity) == "1 accounts made anonymous"
    kept = await row_of(identity, young)
    assert (kept.likeness_digest, kept.document_digest) == (None, None)
    assert await identity.count(tables.grants) == 1


async def test_an_account_that_is_used_is_kept_and_one_that_nobody_uses_is_not(identity: Any) -> None:
    used = await identity.young_person()
    unused = await identity.young_person(email="tiers@example.com")
    pro, _ = await identity.pro()
    later(identity, 3 * 366)
    await identity.sign_in(EMAIL)
    assert await anonymise(identity) == "1 accounts made anonymous"
    anonymous = [who for who in (used, unused, pro) if (await row_of(identity, who)).anonymised_at]
    assert anonymous == [unused]


async def test_a_stranger_cannot_make_anybody_leave(identity: Any) -> None:
    await identity.young_person()
    assert (
        await identity.api.error_code(LEAVE, {"password": PASSWORD, "reason": "OTHER", "key": str(new_id())})
        == "UNAUTHENTICATED"
    )
