"""Another address for an account: the password, the old mailbox, then the new one; nobody learns who has an account."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt

from chassis.auth import Principal
from chassis.graphql import global_id
from chassis.ids import new_id
from chassis.testing import principal
from identity_world import PASSWORD

pytestmark = pytest.mark.servers

OLD, NEW = "jeune@example.com", "autre@example.com"
REQUEST = """mutation ($newEmail: String!, $password: String!, $key: UUID!) {
  requestEmailChange(newEmail: $newEmail, password: $password, idempotencyKey: $key) {
    __typename
    ... on EmailChangeRequested { emailChange { newEmail status askedAt expiresAt } }
    ... on Refusal { code message } } }"""
CONFIRM = """mutation ($token: String!, $key: UUID!) { confirmEmailChange(token: $token, idempotencyKey: $key) {
  __typename ... on EmailChangeMoved { status } ... on Refusal { code } } }"""
APPLY = """mutation ($token: String!, $key: UUID!) { applyEmailChange(token: $token, idempotencyKey: $key) {
  __typename ... on EmailChangeMoved { status } ... on Refusal { code } } }"""
CANCEL = """mutation ($token: String, $key: UUID!) { cancelEmailChange(token: $token, idempotencyKey: $key) {
  __typename ... on EmailChangeMoved { status } ... on Refusal { code } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Session { refreshToken } ... on Refusal { code } } }"""
ME = "{ me { email emailChange { newEmail status } } }"


async def ask(
    identity: Any, who: Principal, new_email: str = NEW, password: str = PASSWORD, key: str | None = None
) -> dict[str, Any]:
    variables = {"newEmail": new_email, "password": password, "key": key or str(new_id())}
    answer: dict[str, Any] = await identity.act(REQUEST, variables, by=who)
    return answer


async def mail_to(identity: Any, address: str) -> EmailMessage:
    """The last one."""
    mails: list[EmailMessage] = [mail for mail in await identity.mails() if mail["To"] == address]
    return mails[-1]


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r"token=(\S+)", mail.get_content())


async def confirmed(identity: Any, who: Principal, new_email: str = NEW) -> str:
    """Agreed to in the old mailbox; the link that cancels it."""
    asked = await ask(identity, who, new_email)
    assert asked["__typename"] == "EmailChangeRequested", asked
    agree, cancel = links(await mail_to(identity, OLD))
    assert await identity.act(CONFIRM, {"token": agree}) == {
        "__typename": "EmailChangeMoved",
        "status": "CONFIRMED",
    }
    return cancel


async def me(identity: Any, who: Principal) -> Any:
    return (await identity.api.data(ME, by=who))["me"]


async def test_an_account_moves_step_by_step(identity: Any) -> None:
    young = await identity.young_person()
    asked = await ask(identity, young, "  Autre@Example.COM ")
    assert asked["emailChange"] | {"askedAt": "", "expiresAt": ""} == {
        "newEmail": NEW,
        "status": "ASKED",
        "askedAt": "",
        "expiresAt": "",
    }
    assert not [mail for mail in await identity.mails() if mail["To"] == NEW], "not before the old one agrees"
    told = await mail_to(identity, OLD)
    assert told["Subject"] == "Changement de votre adresse e-mail"
    assert NEW in told.get_content()
    agree, _ = links(told)
    assert (await identity.act(CONFIRM, {"token": agree}))["status"] == "CONFIRMED"
    assert await me(identity, young) == {
        "email": OLD,
        "emailChange": {"newEmail": NEW, "status": "CONFIRMED"},
    }
    prove = await mail_to(identity, NEW)
    assert "Élise" not in prove.get_content(), "it is nobody's mailbox yet"
    assert (await identity.act(APPLY, {"token": links(prove)[0]}))["status"] == "APPLIED"
    assert await me(identity, young) == {"email": NEW, "emailChange": {"newEmail": NEW, "status": "APPLIED"}}
    assert (await identity.sign_in(OLD))["code"] == "INVALID_CREDENTIALS"
    assert (await identity.sign_in(NEW))["__typename"] == "Session"
    assert (await mail_to(identity, OLD))["Subject"] == "Votre adresse e-mail a changé"


async def test_other_contexts_hear_the_new_address(identity: Any) -> None:
    young = await identity.young_person()
    await confirmed(identity, young)
    await identity.act(APPLY, {"token": links(await mail_to(identity, NEW))[0]})
    event = (await identity.events("identity.person.v1"))[-1]
    sealed = identity.runtime.sealer.open(event["sealed"], ("identity.person.v1", young.person_id))
    assert sealed["email"] == NEW


async def test_other_sessions_end_and_the_one_that_asked_goes_on(identity: Any) -> None:
    young = await identity.young_person()
    own, other = await identity.sign_in(OLD), await identity.sign_in(OLD)
    asking = identity.runtime.access_tokens
    claims = jwt.decode(own["accessToken"], asking.key_set(), ["ES256"]).claims
    who = replace(principal("beneficiary", person_id=young.person_id), session_id=UUID(claims["sid"]))
    await confirmed(identity, who)
    await identity.act(APPLY, {"token": links(await mail_to(identity, NEW))[0]})
    assert (await identity.act(REFRESH, {"token": other["refreshToken"]}))["code"] == "INVALID_TOKEN"
    assert (await identity.act(REFRESH, {"token": own["refreshToken"]}))["__typename"] == "Session"


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize("by_link", [False, True])
async def test_it_is_cancelled_by_the_old_mailbox_or_from_the_account(
    identity: Any, *, agreed: bool, by_link: bool
) -> None:
    young = await identity.young_person()
    if agreed:
        cancel = await confirmed(identity, young)
        next_link = links(await mail_to(identity, NEW))[0]
    else:
        await ask(identity, young)
        next_link, cancel = links(await mail_to(identity, OLD))
    answer = await identity.act(CANCEL, {"token": cancel if by_link else None}, by=None if by_link else young)
    assert answer == {"__typename": "EmailChangeMoved", "status": "CANCELLED"}
    assert (await me(identity, young))["emailChange"]["status"] == "CANCELLED"
    assert (await identity.act(APPLY if agreed else CONFIRM, {"token": next_link}))["code"] == "INVALID_TOKEN"
    assert (await identity.act(CANCEL, {"token": None}, by=young))["code"] == "NO_EMAIL_CHANGE"
    assert (await identity.act(CANCEL, {"token": cancel}))["code"] == "INVALID_TOKEN"


async def test_nobody_learns_that_the_new_address_has_an_account(identity: Any) -> None:
    await identity.young_person(email=NEW)
    young = await identity.young_person()
    taken = await ask(identity, young)
    agree, _ = links(await mail_to(identity, OLD))
    assert (await identity.act(CONFIRM, {"token": agree}))["status"] == "CONFIRMED"
    assert (await me(identity, young))["emailChange"] == {"newEmail": NEW, "status": "CONFIRMED"}
    to_holder = await mail_to(identity, NEW)
    assert to_holder["Subject"] == "Vous avez déjà un compte pass Culture"
    assert links(to_holder) == []
    free = await ask(identity, young, "libre@example.com")
    assert taken["emailChange"].keys() == free["emailChange"].keys()
    assert (taken["__typename"], taken["emailChange"]["status"]) == (
        free["__typename"],
        free["emailChange"]["status"],
    )


async def test_an_address_that_is_confirmed_meanwhile_stays_with_whoever_did(identity: Any) -> None:
    young = await identity.young_person()
    await confirmed(identity, young)
    prove = links(await mail_to(identity, NEW))[0]
    await identity.young_person(email=NEW)
    assert (await identity.act(APPLY, {"token": prove}))["code"] == "INVALID_TOKEN"
    assert (await me(identity, young))["email"] == OLD


async def test_an_address_that_somebody_only_typed_is_given_up_to_its_mailbox(identity: Any) -> None:
    squatter = await identity.sign_up(email=NEW, password="Un-autre-mot-2")
    young = await identity.young_person()
    await confirmed(identity, young)
    squatted = (await identity.mailed_tokens())[0]
    assert (await identity.act(APPLY, {"token": links(await mail_to(identity, NEW))[0]}))[
        "status"
    ] == "APPLIED"
    assert (await me(identity, young))["email"] == NEW
    assert (await identity.confirm_email(squatted, "Un-autre-mot-2"))["code"] == "INVALID_TOKEN"
    given_up = await identity.api.data(
        "query ($id: ID!) { node(id: $id) { ... on Person { email } } }",
        {"id": global_id("Person", squatter["person"]["id"])},
        by=identity.admin,
    )
    assert given_up["node"]["email"].endswith("@nobody.invalid")


async def test_two_who_prove_one_address_at_once_leave_one_account_there(identity: Any) -> None:
    people = [await identity.young_person(), await identity.young_person(email="tiers@example.com")]
    proofs = []
    for who, old in zip(people, (OLD, "tiers@example.com"), strict=True):
        await ask(identity, who)
        agree, _ = links(await mail_to(identity, old))
        await identity.act(CONFIRM, {"token": agree})
        proofs.append(links(await mail_to(identity, NEW))[0])
    answers = await asyncio.gather(*(identity.act(APPLY, {"token": proof}) for proof in proofs))
    assert sorted(answer["__typename"] for answer in answers) == ["EmailChangeMoved", "InvalidToken"]


@pytest.mark.parametrize("step", ["asked", "confirmed"])
async def test_a_step_that_is_late_has_expired(identity: Any, step: str) -> None:
    young = await identity.young_person()
    if step == "asked":
        await ask(identity, young)
        document, link = CONFIRM, links(await mail_to(identity, OLD))[0]
    else:
        await confirmed(identity, young)
        document, link = APPLY, links(await mail_to(identity, NEW))[0]
    identity.runtime.clock.instant += timedelta(hours=24, seconds=1)
    assert (await me(identity, young))["emailChange"]["status"] == "EXPIRED"
    assert (await identity.act(document, {"token": link}))["code"] == "INVALID_TOKEN"
    assert (await identity.act(CANCEL, {"token": None}, by=young))["code"] == "NO_EMAIL_CHANGE"
    assert (await ask(identity, young))["__typename"] == "EmailChangeRequested", "and may be asked anew"


async def test_asking_again_cancels_the_links_of_before(identity: Any) -> None:
    young = await identity.young_person()
    await ask(identity, young)
    first, _ = links(await mail_to(identity, OLD))
    await ask(identity, young, "tiers@example.com")
    assert (await identity.act(CONFIRM, {"token": first}))["code"] == "INVALID_TOKEN"
    assert (await me(identity, young))["emailChange"] == {"newEmail": "tiers@example.com", "status": "ASKED"}


async def test_each_link_opens_its_own_step_alone(identity: Any) -> None:
    young = await identity.young_person()
    await ask(identity, young)
    agree, cancel = links(await mail_to(identity, OLD))
    for document, token in ((APPLY, agree), (APPLY, cancel), (CONFIRM, cancel), (CANCEL, agree)):
        assert (await identity.act(document, {"token": token}))["code"] == "INVALID_TOKEN"


@pytest.mark.parametrize(
    ("new_email", "password", "code"),
    [
        (" Jeune@EXAMPLE.com", PASSWORD, "SAME_EMAIL"),
        ("autre", PASSWORD, "MALFORMED_EMAIL"),
        (NEW, "Un-autre-mot-2", "INVALID_CREDENTIALS"),
    ],
)
async def test_what_is_refused(identity: Any, new_email: str, password: str, code: str) -> None:
    young = await identity.young_person()
    before = len(await identity.mails())
    assert (await ask(identity, young, new_email, password))["code"] == code
    assert len(await identity.mails()) == before


async def test_the_team_does_not_move_by_a_mailbox(identity: Any) -> None:
    colleague = await identity.colleague()
    assert (await ask(identity, colleague.principal))["code"] == "EMAIL_OF_THE_TEAM"


async def test_wrong_passwords_and_mails_are_counted(identity: Any) -> None:
    young = await identity.young_person()
    identity.runtime.settings.sign_in_attempts_per_minute = 2
    for _ in range(2):
        await ask(identity, young, password="Un-autre-mot-2")
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await ask(identity, young)
    identity.runtime.clock.instant += timedelta(minutes=1)
    codes = [(await ask(identity, young)).get("code") for _ in range(6)]
    assert codes[-1] == "TOO_MANY_EMAIL_CHANGES"
    assert codes[0] is None


async def test_the_same_key_asks_once(identity: Any) -> None:
    young = await identity.young_person()
    key, before = str(new_id()), len(await identity.mails())
    assert await ask(identity, young, key=key) == await ask(identity, young, key=key)
    assert len(await identity.mails()) == before + 1


async def test_a_suspended_account_moves_nowhere(identity: Any) -> None:
    young = await identity.young_person()
    await confirmed(identity, young)
    prove = links(await mail_to(identity, NEW))[0]
    await identity.act(
        """mutation ($id: ID!, $key: UUID!) { suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) {
        __typename } }""",
        {"id": str(young.person_id)},
        by=identity.admin,
    )
    assert (await identity.act(APPLY, {"token": prove}))["code"] == "INVALID_TOKEN"


async def test_a_stranger_sees_no_change_of_anybody(identity: Any) -> None:
    young = await identity.young_person()
    await ask(identity, young)
    stranger = await identity.young_person(email="tiers@example.com")
    seen = await identity.api.data(
        "query ($id: ID!) { node(id: $id) { ... on Person { emailChange { newEmail } } } }",
        {"id": global_id("Person", str(young.person_id))},
        by=stranger,
    )
    assert seen["node"] is None
