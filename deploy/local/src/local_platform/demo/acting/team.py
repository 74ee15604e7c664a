"""How the team signs in: a password, then a code that is computed here from the secret beside it."""

import time
from collections.abc import Callable
from typing import Any

import pyotp

from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.user_error import UserError

PATIENCE = 150.0
"""Seconds for a code to be taken: one that has served is not taken again, nor one of before it."""

KEPT_FOR = 300.0
"""Seconds for which a session is gone on with, as a person does who has just signed in."""

SIGN_IN_STAFF = """
mutation SignInStaff($email: String!, $password: String!) {
  signInStaff(email: $email, password: $password) {
    ... on StaffChallenge { challenge expiresAt factors requestOptions offer { otpauthUri creationOptions } }
    ... on Refusal { code message }
  }
}
"""
ANSWER_STAFF_CHALLENGE = """
mutation AnswerStaffChallenge($challenge: String!, $factor: Factor!, $proof: String!) {
  answerStaffChallenge(challenge: $challenge, factor: $factor, proof: $proof) {
    ... on Session { accessToken refreshToken person { id firstName roles } }
    ... on Refusal { code message }
  }
}
"""
ENROL_FACTOR = """
mutation EnrolFactor($challenge: String!, $factor: Factor!, $proof: String!) {
  enrolFactor(challenge: $challenge, factor: $factor, proof: $proof) {
    ... on FactorEnrolled { recoveryCodes session { accessToken refreshToken person { id firstName roles } } }
    ... on Refusal { code message }
  }
}
"""

_WORTH_ANOTHER_CODE = ("WRONG_FACTOR", "CHALLENGE_OVER")
_open: dict[str, tuple[float, Session]] = {}


def sign_in(
    client: GatewayClient,
    email: str,
    password: str,
    totp_secret: str | None,
    keep: Callable[[str], None] | None = None,
) -> Session:
    """A session of somebody of the team; one of a moment ago is gone on with.

    Who has no second factor yet registers one, whose secret is given to `keep` before it is the account's.
    """
    begun, session = _open.get(totp_secret or "", (float("-inf"), Session()))
    if time.monotonic() - begun < KEPT_FOR:
        return session
    deadline, last_step = time.monotonic() + PATIENCE, 0
    while True:
        challenge = client.ask(SIGN_IN_STAFF, email=email, password=password)["signInStaff"]
        if "code" in challenge:
            raise UserError(f"{email} cannot sign in: {challenge['message']}")
        offer = challenge["offer"]
        if offer is not None:
            if keep is None:
                remedy = "Take its totp_secret out of the file of accounts, and try again."
                raise UserError(f"{email} has not registered its second factor.", remedy)
            totp_secret = str(pyotp.parse_uri(offer["otpauthUri"]).secret)
            keep(totp_secret)
        if totp_secret is None:
            raise UserError(f"{email} has a second factor, of which the file of accounts has no totp_secret.")
        last_step = _next_step(last_step)
        answer = _prove(client, challenge["challenge"], totp_secret, last_step, is_new=offer is not None)
        if "code" not in answer:
            opened = answer.get("session", answer)
            session = Session(token=opened["accessToken"], person_id=opened["person"]["id"])
            _open[totp_secret] = time.monotonic(), session
            return session
        if answer["code"] not in _WORTH_ANOTHER_CODE or time.monotonic() > deadline:
            raise UserError(f"{email} cannot sign in: {answer['message']}")


def code_now(totp_secret: str) -> str:
    """What an application would show at this moment."""
    return pyotp.TOTP(totp_secret).now()


def _prove(
    client: GatewayClient, challenge: str, totp_secret: str, step: int, *, is_new: bool
) -> dict[str, Any]:
    document = ENROL_FACTOR if is_new else ANSWER_STAFF_CHALLENGE
    code = pyotp.HOTP(totp_secret).at(step)
    (answer,) = client.ask(document, challenge=challenge, factor="TOTP", proof=code).values()
    whole: dict[str, Any] = answer
    return whole


def _next_step(tried: int) -> int:
    """The step of the next code that is worth trying: the present one, then those after the last one tried,
    of which the platform takes the next one early.
    """
    step = max(tried + 1, _present_step())
    while step > _present_step() + 1:
        time.sleep(0.2)
    return step


def _present_step() -> int:
    return int(time.time()) // 30
