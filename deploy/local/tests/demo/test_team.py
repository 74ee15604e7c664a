"""How the team of a local platform signs in: codes that are computed, and never one that has served."""

import time
from typing import Any

import pyotp
import pytest

from local_platform.demo.acting import team
from local_platform.demo.gateway_client import GatewayClient
from local_platform.user_error import UserError

NOW = 1_795_000_000.0


class Identity(GatewayClient):
    """Answers as identity would to somebody of the team whose password is right."""

    def __init__(self, secret: str | None = None, last_step: int = 0) -> None:
        self.secret, self.last_step = secret, last_step
        self.offered = pyotp.random_base32()
        self.proofs = 0
        self.loses_the_next_answer = False

    def ask(self, document: str, session: Any = None, **variables: Any) -> dict[str, Any]:
        if document == team.SIGN_IN_STAFF:
            uri = pyotp.TOTP(self.offered).provisioning_uri(name="admin@pass.example")
            return {"signInStaff": {"challenge": "c", "offer": None if self.secret else {"otpauthUri": uri}}}
        self.proofs += 1
        secret = self.secret or self.offered
        present = int(time.time()) // 30
        fresh = [step for step in range(present - 1, present + 2) if step > self.last_step]
        taken = [step for step in fresh if pyotp.HOTP(secret).at(step) == variables["proof"]]
        if not taken:
            return {"answer": {"code": "WRONG_FACTOR", "message": "Non."}}
        self.secret, self.last_step = secret, taken[0]
        if self.loses_the_next_answer:
            self.loses_the_next_answer = False
            return {"answer": {"code": "CHALLENGE_OVER", "message": "Non."}}
        opened = {"accessToken": f"of step {taken[0]}", "person": {"id": "p"}}
        return {"answer": {"session": opened} if document == team.ENROL_FACTOR else opened}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A wall clock that only sleeping moves."""
    now = [NOW]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_a_first_sign_in_registers_a_factor_and_keeps_its_secret() -> None:
    identity, kept = Identity(), list[str]()
    session = team.sign_in(identity, "a", "p", None, kept.append)
    assert kept == [identity.offered] == [identity.secret]
    assert session.token == f"of step {int(NOW) // 30}"


def test_a_session_of_a_moment_ago_is_gone_on_with() -> None:
    identity = Identity(pyotp.random_base32())
    sessions = [team.sign_in(identity, "a", "p", identity.secret) for _ in range(3)]
    assert sessions[0] is sessions[1] is sessions[2]
    assert identity.proofs == 1


@pytest.mark.parametrize("ahead", [0, 1])
def test_where_the_present_code_has_served_the_next_is_waited_for(clock: list[float], ahead: int) -> None:
    last_step = int(NOW) // 30 + ahead
    identity = Identity(pyotp.random_base32(), last_step)
    assert team.sign_in(identity, "a", "p", identity.secret).token == f"of step {last_step + 1}"
    assert clock[0] - NOW <= 30 * ahead + 1
    assert identity.proofs == 2 + ahead


def test_an_answer_that_was_lost_is_made_up_for() -> None:
    identity, kept = Identity(), list[str]()
    identity.loses_the_next_answer = True
    session = team.sign_in(identity, "a", "p", None, kept.append)
    assert session.token == f"of step {int(NOW) // 30 + 1}"
    assert kept == [identity.secret], "what is registered is what was kept"


def test_a_factor_that_nobody_knows_is_said() -> None:
    with pytest.raises(UserError, match="no totp_secret"):
        team.sign_in(Identity(pyotp.random_base32()), "a", "p", None)


def test_a_secret_of_another_account_is_given_up(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with pytest.raises(UserError, match="cannot sign in: Non"):
        team.sign_in(Identity(pyotp.random_base32()), "a", "p", pyotp.random_base32())
