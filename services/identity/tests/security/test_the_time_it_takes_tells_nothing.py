"""What is asked of an address that anybody may type costs the same whoever has it: the very same statements.

Argon2 takes most of the time where a password is compared, and as much for everybody (`test_wrong_passwords.py`).
What is left to tell an account by are the round trips to the database: here they are compared, not timed.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.incoming import CLIENT_ADDRESS_HEADER
from identity_world import PASSWORD, SIGN_IN, SIGN_IN_STAFF, SIGN_UP, IdentityWorld

pytestmark = pytest.mark.servers

NOBODY = "personne@example.com"
FORGOTTEN = """mutation ($email: String!, $key: UUID!) {
  requestPasswordReset(email: $email, idempotencyKey: $key) { __typename } }"""

AGAIN = """mutation ($email: String!, $key: UUID!) {
  resendConfirmation(email: $email, idempotencyKey: $key) { __typename } }"""
MOVE = """mutation ($email: String!, $password: String!, $key: UUID!) {
  requestEmailChange(newEmail: $email, password: $password, idempotencyKey: $key) { __typename } }"""
AGREE = """mutation ($token: String!, $key: UUID!) {
  confirmEmailChange(token: $token, idempotencyKey: $key) { __typename } }"""


@asynccontextmanager
async def statements(identity: IdentityWorld) -> AsyncIterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = identity.runtime.database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


async def everybody(identity: IdentityWorld) -> list[str]:
    """An address of each standing that an account can have."""
    suspend = """mutation ($id: ID!, $key: UUID!) {
      suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) { __typename } }"""
    await identity.young_person(email="jeune@example.com")
    asleep = await identity.young_person(email="endormi@example.com")
    await identity.act(suspend, {"id": str(asleep.person_id)}, by=identity.admin)
    left = await identity.young_person(email="parti@example.com")
    leave = """mutation ($password: String!, $key: UUID!) {
      deactivateAccount(password: $password, reason: OTHER, idempotencyKey: $key) { __typename } }"""
    await identity.act(leave, {"password": PASSWORD}, by=left)
    await identity.sign_up(email="attend@example.com")
    await identity.colleague("equipe@example.com")
    return [f"{name}@example.com" for name in ("jeune", "endormi", "parti", "attend", "equipe")]


async def asked(
    identity: IdentityWorld, document: str, variables: Mapping[str, Any], address: str = "203.0.113.9"
) -> list[str]:
    async with statements(identity) as sent:
        await identity.act(document, variables, headers={CLIENT_ADDRESS_HEADER: address})
    assert sent
    return sent


@pytest.mark.parametrize("door", [SIGN_IN, SIGN_IN_STAFF], ids=["signIn", "signInStaff"])
async def test_a_wrong_password(identity: Any, door: str) -> None:
    addresses = await everybody(identity)
    unknown = await asked(identity, door, {"email": NOBODY, "password": "Autrement123!"})
    for email in addresses:
        assert await asked(identity, door, {"email": email, "password": "Autrement123!"}) == unknown, email


async def test_a_wrong_password_where_somebody_has_signed_in_before(identity: Any) -> None:
    """Their own tries are counted apart there, and take as long: a network is shared with who may want to know."""
    await identity.young_person()
    await identity.sign_in("jeune@example.com", address="203.0.113.9")
    wrong = [{"email": email, "password": "Autrement123!"} for email in (NOBODY, "jeune@example.com")]
    assert await asked(identity, SIGN_IN, wrong[0]) == await asked(identity, SIGN_IN, wrong[1])


async def test_a_right_password_at_the_wrong_door(identity: Any) -> None:
    await everybody(identity)
    for door, email in ((SIGN_IN, "equipe@example.com"), (SIGN_IN_STAFF, "jeune@example.com")):
        unknown = await asked(identity, door, {"email": NOBODY, "password": "Abcdefgh123!"})
        assert await asked(identity, door, {"email": email, "password": "Abcdefgh123!"}) == unknown


async def test_a_forgotten_password(identity: Any) -> None:
    """Of an address that nobody has a mail is owed too, which is not written in the end."""
    addresses = await everybody(identity)
    unknown = await asked(identity, FORGOTTEN, {"email": NOBODY})
    for email in addresses:
        assert await asked(identity, FORGOTTEN, {"email": email}) == unknown, email
    for _ in range(5):
        spent = await asked(identity, FORGOTTEN, {"email": NOBODY})
    for _ in range(5):
        assert await asked(identity, FORGOTTEN, {"email": "jeune@example.com"})
    assert await asked(identity, FORGOTTEN, {"email": "jeune@example.com"}) == spent, (
        "nor once no more are sent"
    )


async def test_a_confirmation_that_is_mailed_again(identity: Any) -> None:
    """Of an address that nobody has a mail is owed too, which is not written in the end."""
    addresses = await everybody(identity)
    unknown = await asked(identity, AGAIN, {"email": NOBODY})
    for email in addresses:
        assert await asked(identity, AGAIN, {"email": email}) == unknown, email


async def test_an_address_that_is_to_be_anothers(identity: Any) -> None:
    """The password and the old mailbox prove who asks; whose the new address is they do not learn."""
    await everybody(identity)
    young = await identity.young_person(email="change@example.com")
    told = []
    for email in ("jeune@example.com", NOBODY, "attend@example.com"):
        await identity.act(MOVE, {"email": email, "password": PASSWORD}, by=young)
        token = (await identity.mails())[-1].get_content().partition("token=")[2].split()[0]
        told.append(await asked(identity, AGREE, {"token": token}))
    assert told[0] == told[1] == told[2]


async def test_a_sign_up(identity: Any) -> None:
    """As many statements, whether the account is made or looked up."""
    await everybody(identity)
    counts = {}
    for email in ("jeune@example.com", "equipe@example.com", "attend@example.com", NOBODY):
        counts[email] = len(await asked(identity, SIGN_UP, {"input": identity.app_form(email=email)}))
    assert set(counts.values()) == {counts[NOBODY]}, counts
