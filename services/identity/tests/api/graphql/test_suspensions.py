"""A suspended account sleeps at once: no session, no link, no sign-in, no act; given back it wakes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.ids import new_id
from chassis.testing import principal
from identity.domain.suspension import SuspensionReason
from identity.persistence.tables import suspensions

pytestmark = pytest.mark.servers

OF_NO_TEAM = (SuspensionReason.SUSPICIOUS_LOGIN_REPORTED_BY_USER, SuspensionReason.DELETED)

SUSPEND = """mutation ($id: ID!, $reason: SuspensionReason!, $key: UUID!) {
  suspendPerson(personId: $id, reason: $reason, idempotencyKey: $key) {
    __typename ... on PersonSuspended { person { id isActive } } ... on Refusal { code message } } }"""
UNSUSPEND = """mutation ($id: ID!, $key: UUID!) { unsuspendPerson(personId: $id, idempotencyKey: $key) {
    __typename ... on PersonUnsuspended { person { id isActive } } ... on Refusal { code message } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Refusal { code } } }"""


async def suspend(identity: Any, who: Any, reason: str = "FRAUD", **more: Any) -> dict[str, Any]:
    variables = {"id": str(who.person_id), "reason": reason, **more}
    answer: dict[str, Any] = await identity.act(SUSPEND, variables, by=identity.admin)
    return answer


async def test_it_ends_sessions_and_links_and_lets_nobody_in(identity: Any) -> None:
    young = await identity.young_person()
    session = await identity.sign_in("jeune@example.com")
    identity.runtime.clock.instant += timedelta(days=2)
    done = await suspend(identity, young)
    assert done["person"] == {"id": str(young.person_id), "isActive": False}
    assert (await identity.act(REFRESH, {"token": session["refreshToken"]}))["code"] == "INVALID_TOKEN"
    assert (await identity.sign_in("jeune@example.com"))["code"] == "INVALID_CREDENTIALS"
    # The token they still hold for some minutes acts no more.
    code = await identity.api.error_code(
        'mutation ($key: UUID!) { joinStructure(siren: "732829320", structureName: "S", idempotencyKey: $key)'
        " { __typename } }",
        {"key": str(new_id())},
        by=young,
    )
    assert code == "FORBIDDEN"


async def test_a_link_that_was_mailed_before_opens_nothing(identity: Any) -> None:
    signed_up = await identity.sign_up()
    link = await identity.mailed_token()
    await suspend(identity, principal("beneficiary", person_id=UUID(signed_up["person"]["id"])))
    assert (await identity.confirm_email(link))["code"] == "INVALID_TOKEN"


@pytest.mark.parametrize("reason", [each for each in SuspensionReason if each not in OF_NO_TEAM])
async def test_others_hear_of_it_with_its_reason(identity: Any, reason: SuspensionReason) -> None:
    young = await identity.young_person()
    await suspend(identity, young, reason.name)
    event = (await identity.events("identity.person.v1"))[-1]
    assert (event["id"], event["is_active"], event["suspension_reason"]) == (
        str(young.person_id),
        False,
        reason.value,
    )


async def test_given_back_they_sign_in_anew_and_the_team_can_read_what_happened(identity: Any) -> None:
    young = await identity.young_person()
    await suspend(identity, young)
    identity.runtime.clock.instant += timedelta(days=1)
    done = await identity.act(UNSUSPEND, {"id": str(young.person_id)}, by=identity.admin)
    assert done["person"]["isActive"] is True
    assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"
    event = (await identity.events("identity.person.v1"))[-1]
    assert (event["is_active"], event["suspension_reason"]) == (True, None)
    async with identity.runtime.database.read() as connection:
        rows = (await connection.execute(sa.select(suspensions).order_by(suspensions.c.id))).all()
    assert [row.reason for row in rows] == [SuspensionReason.FRAUD, None]
    assert {row.decided_by for row in rows} == {identity.admin.person_id}


async def test_what_was_done_is_not_done_again(identity: Any) -> None:
    young = await identity.young_person()
    key = str(new_id())
    first, again = [await suspend(identity, young, key=key) for _ in range(2)]
    assert first == again
    assert (await suspend(identity, young, "END_OF_CONTRACT"))["code"] == "ALREADY_SUSPENDED"
    await identity.act(UNSUSPEND, {"id": str(young.person_id)}, by=identity.admin)
    twice = await identity.act(UNSUSPEND, {"id": str(young.person_id)}, by=identity.admin)
    assert twice["code"] == "NOT_SUSPENDED"
    async with identity.runtime.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(suspensions)) == 2


async def test_nobody_suspends_or_wakes_themselves(identity: Any) -> None:
    young = await identity.young_person()
    thief = principal("admin", person_id=young.person_id)
    variables = {"id": str(young.person_id), "reason": "FRAUD"}
    assert (await identity.act(SUSPEND, variables, by=thief))["code"] == "DECIDES_FOR_THEMSELVES"
    await suspend(identity, young)
    answer = await identity.api.execute(
        UNSUSPEND, {"id": str(young.person_id), "key": str(new_id())}, by=thief
    )
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", "asleep, they do nothing at all"


@pytest.mark.parametrize("document", [SUSPEND, UNSUSPEND])
@pytest.mark.parametrize("role", ["beneficiary", "pro", "finance", None])
async def test_the_team_alone_decides(identity: Any, document: str, role: str | None) -> None:
    young = await identity.young_person()
    who = {} if role is None else {"by": principal(role)}
    variables = {"id": str(young.person_id), "reason": "FRAUD", "key": str(new_id())}
    if document is UNSUSPEND:
        del variables["reason"]
    code = await identity.api.error_code(document, variables, **who)
    assert code == ("UNAUTHENTICATED" if role is None else "FORBIDDEN")


async def test_somebody_who_does_not_exist(identity: Any) -> None:
    nobody = principal("beneficiary")
    assert (await suspend(identity, nobody))["code"] == "PERSON_NOT_FOUND"
