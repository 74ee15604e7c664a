"""A password is compared while nothing is locked: what it opens is opened only if it is still the password then."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from identity.credentials import Credentials
from identity.persistence.tables import sessions, staff_challenges
from identity_world import IdentityWorld

pytestmark = pytest.mark.servers

OLD, NEW = "Abcdefgh123!", "Autrement123!"
YOUNG, COLLEAGUE = "jeune@example.com", "equipe@example.com"

CHANGE = """mutation ($old: String!, $new: String!, $key: UUID!) {
  changePassword(oldPassword: $old, newPassword: $new, newPasswordConfirmation: $new, idempotencyKey: $key) {
    __typename } }"""
ASK = """mutation ($email: String!, $key: UUID!) {
  requestPasswordReset(email: $email, idempotencyKey: $key) { __typename } }"""
RESET = """mutation ($token: String!, $new: String!, $key: UUID!) {
  resetPassword(token: $token, newPassword: $new, idempotencyKey: $key) { __typename } }"""
SUSPEND = """mutation ($id: ID!, $key: UUID!) {
  suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) { __typename } }"""

Between = Callable[[IdentityWorld, Any], Awaitable[object]]


async def they_choose_another(identity: IdentityWorld, who: Any) -> None:
    done = await identity.act(CHANGE, {"old": OLD, "new": NEW}, by=who)
    assert done["__typename"] == "PasswordChanged"


async def their_mailbox_chooses_another(identity: IdentityWorld, _: Any) -> None:
    await identity.act(ASK, {"email": YOUNG})
    done = await identity.act(RESET, {"token": await identity.mailed_token(), "new": NEW})
    assert done["__typename"] == "PasswordReset"


async def the_operator_gives_another(identity: IdentityWorld, _: Any) -> None:
    await identity.make_staff(password=NEW)


async def they_are_suspended(identity: IdentityWorld, who: Any) -> None:
    done = await identity.act(SUSPEND, {"id": str(who.person_id)}, by=identity.admin)
    assert done["__typename"] == "PersonSuspended"


def once_it_was_right(monkeypatch: pytest.MonkeyPatch, then: Callable[[], Awaitable[object]]) -> None:
    """After the next comparison that says yes, and before anything follows from it, `then` happens."""
    compare, waits = Credentials.matches, [then]

    async def compared(self: Credentials, password: str, password_hash: str | None) -> bool:
        is_right = await compare(self, password, password_hash)
        if is_right and waits:
            await waits.pop()()
        return is_right

    monkeypatch.setattr(Credentials, "matches", compared)


@pytest.mark.parametrize(
    "happens",
    [they_choose_another, their_mailbox_chooses_another, they_are_suspended],
    ids=lambda it: it.__name__,
)
async def test_it_opens_no_session(identity: Any, monkeypatch: pytest.MonkeyPatch, happens: Between) -> None:
    """Whoever has found out a password could else stay in for 31 days after it was changed because of that."""
    young = await identity.young_person()
    once_it_was_right(monkeypatch, lambda: happens(identity, young))
    assert (await identity.sign_in(YOUNG))["code"] == "INVALID_CREDENTIALS"
    assert await identity.count(sessions) == 0


@pytest.mark.parametrize(
    "happens",
    [they_choose_another, the_operator_gives_another, they_are_suspended],
    ids=lambda it: it.__name__,
)
async def test_it_opens_no_challenge(
    identity: Any, monkeypatch: pytest.MonkeyPatch, happens: Between
) -> None:
    colleague = await identity.colleague()
    once_it_was_right(monkeypatch, lambda: happens(identity, colleague.principal))
    assert (await identity.sign_in_staff(COLLEAGUE))["code"] == "INVALID_CREDENTIALS"
    assert await waiting_challenges(identity) == 0


async def test_it_registers_no_factor(identity: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything offered: who had the password of before would be of the team with a factor of their own."""
    await identity.make_staff()
    once_it_was_right(monkeypatch, lambda: the_operator_gives_another(identity, None))
    assert (await identity.sign_in_staff(COLLEAGUE))["code"] == "INVALID_CREDENTIALS"
    assert await waiting_challenges(identity) == 0


async def waiting_challenges(identity: IdentityWorld) -> int:
    waiting = sa.select(sa.func.count()).where(staff_challenges.c.answered_at.is_(None))
    async with identity.runtime.database.read() as connection:
        return int(await connection.scalar(waiting) or 0)
