"""Who one is, is what identity has signed, and nothing else."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.auth import AUDIENCE, ISSUER, TOKEN_TYPE
from chassis.graphql import global_id
from local_platform.demo.accounts import ensure_staff
from local_platform.demo.acting import bookings, people, team
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.scene import LATE
from local_platform.demo.story.the_place import Programme
from local_platform.platform.platform import Platform

from .asking import Asker
from .ids import plain
from .world import World

pytestmark = pytest.mark.platform

ME = "{ me { id } }"


class Mint:
    """Signs what it is told to, with identity's own key unless told otherwise."""

    def __init__(self, platform: Platform, person_id: str) -> None:
        self.key = ECKey.import_key(platform.secrets["PASS_SIGNING_KEY"])
        self.person_id = person_id

    def token(self, key: ECKey | None = None, typ: str = TOKEN_TYPE, **claims: Any) -> str:
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": self.person_id,
            "roles": ["admin", "finance"],
            "structures": [],
            "amr": ["pwd", "otp", "mfa"],
            "iat": now,
            "exp": now + 900,
            **claims,
        }
        header = {"alg": "ES256", "typ": typ, "kid": self.key.thumbprint()}
        said = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(header, said, key or self.key)

    def resigned(self, algorithm: str, secret: bytes | None) -> str:
        """Good claims under another algorithm's header: a hash with a secret, or nothing at all."""
        header = {"alg": algorithm, "typ": TOKEN_TYPE, "kid": self.key.thumbprint()}
        signed = f"{_base64(json.dumps(header).encode())}.{self.token().split('.')[1]}"
        signature = hmac.digest(secret, signed.encode(), "sha256") if secret else b""
        return f"{signed}.{_base64(signature)}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


BAD: Mapping[str, Callable[[Mint], str]] = {
    "expired": lambda mint: mint.token(iat=int(time.time()) - 2_000, exp=int(time.time()) - 1_000),
    "without an end": lambda mint: mint.token(exp=None),
    "without a person": lambda mint: mint.token(sub=None),
    "of a person without an id": lambda mint: mint.token(sub="admin"),
    "of another issuer": lambda mint: mint.token(iss="somebody"),
    "for another audience": lambda mint: mint.token(aud="somewhere"),
    "of another kind": lambda mint: mint.token(typ="JWT"),
    "of the team without a second factor": lambda mint: mint.token(amr=["pwd"]),
    "of the team, who knows how": lambda mint: mint.token(amr=None),
    "signed by a stranger": lambda mint: mint.token(key=ECKey.generate_key("P-256")),
    "signed with the public key as a secret": lambda mint: mint.resigned(
        "HS256", mint.key.as_pem(private=False)
    ),
    "unsigned": lambda mint: mint.resigned("none", None),
    "cut": lambda mint: mint.token()[:-10],
    "no token at all": lambda mint: "abc",
    "of 10 000 characters": lambda mint: "a" * 10_000,
}


@pytest.fixture(scope="module")
def mint(platform: Platform, world: World) -> Mint:
    return Mint(platform, plain(world.of["young"]))


def test_the_mint_makes_good_tokens(asker: Asker, mint: Mint) -> None:
    """Else the refusals below would prove nothing."""
    assert asker.ask(ME, Session(mint.token())).data["me"] == {"id": global_id("Person", mint.person_id)}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_refused_and_not_taken_for_none(
    kind: str, asker: Asker, mint: Mint, world: World, nothing_written: None
) -> None:
    nobody = Session(BAD[kind](mint))
    for document, variables in (
        (ME, {}),
        ('{ towns(prefix: "Mont") { name } }', {}),
        (bookings.BOOK, {"input": {"stockId": world.of["seat"]}}),
        (people.VALIDATE_STRUCTURE, {"structureId": world.of["pending"]}),
    ):
        reply = asker.ask(document, nobody, **variables)
        assert reply.codes == {"UNAUTHENTICATED"}
        assert not any((reply.body.get("data") or {}).values())


@pytest.mark.parametrize("scheme", ["Basic YWRtaW46YWRtaW4=", "Token abc", "Bearer", ""])
def test_another_scheme_makes_nobody_somebody(scheme: str, asker: Asker) -> None:
    reply = asker.send(json={"query": ME}, headers={"authorization": scheme})
    assert not (reply.body.get("data") or {}).get("me")


SIGN_IN = """mutation ($email: String!, $password: String!) {
    signIn(email: $email, password: $password) { ... on Session { refreshToken } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
    ... on Session { refreshToken } ... on Refusal { code } } }"""
SIGN_OUT = "mutation ($token: String!) { signOut(refreshToken: $token) }"


def refresh_token(asker: Asker, place: Programme) -> str:
    """Of a new session of the place's pro."""
    signed_in = asker.ask(SIGN_IN, email=place.place.email, password=place.place.password)
    return str(signed_in.data["signIn"]["refreshToken"])


def test_signing_out_ends_the_session(asker: Asker, place: Programme) -> None:
    token = refresh_token(asker, place)
    assert asker.ask(SIGN_OUT, token=token).data == {"signOut": True}
    assert asker.ask(REFRESH, token=token).verdict == "INVALID_TOKEN"


WHOEVER_TAKES_TOKENS = {
    "identity": ME,
    "catalog": '{ towns(prefix: "Mont") { name } }',
    "booking": "{ wallet { kind } }",
    "finance": "{ batches { pageInfo { hasNextPage } } }",
}


def test_an_access_token_of_a_session_that_has_ended_is_soon_taken_nowhere(
    asker: Asker, place: Programme
) -> None:
    opened = "mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) {"
    opened += " ... on Session { accessToken refreshToken } } }"
    asked = {"email": place.place.email, "password": place.place.password}
    ended, kept = (asker.ask(opened, **asked).data["signIn"] for _ in range(2))
    assert asker.ask(ME, Session(ended["accessToken"])).data["me"]
    asker.ask(SIGN_OUT, token=ended["refreshToken"])
    takes = dict(WHOEVER_TAKES_TOKENS)
    deadline = time.monotonic() + LATE
    while takes:
        assert time.monotonic() < deadline, f"still taken: {takes.keys()}"
        for who, document in list(takes.items()):
            if asker.ask(document, Session(ended["accessToken"])).codes == {"UNAUTHENTICATED"}:
                del takes[who]
        time.sleep(0.05)
    assert asker.ask(ME, Session(kept["accessToken"])).data["me"], "the other session goes on"


def test_a_refresh_token_used_twice_closes_its_session(asker: Asker, place: Programme) -> None:
    stolen = refresh_token(asker, place)
    next_one = asker.ask(REFRESH, token=stolen).data["refreshSession"]["refreshToken"]
    assert asker.ask(REFRESH, token=stolen).verdict == "INVALID_TOKEN"
    assert asker.ask(REFRESH, token=next_one).verdict == "INVALID_TOKEN"


def test_the_sign_in_does_not_tell_who_has_an_account(direct: Asker, place: Programme) -> None:
    answers = [
        direct.ask(people.SIGN_IN, email=email, password="Un-autre-mot-2").body
        for email in (place.place.email, "personne@lieu.example", "no address")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["data"]["signIn"]["code"] == "INVALID_CREDENTIALS"


def test_signing_up_does_not_tell_who_has_an_account(direct: Asker) -> None:
    form = {
        "password": "Motdepasse-123",
        "firstName": "Anne",
        "lastName": "Onyme",
        "birthDate": "2008-01-01",
        "postalCode": "34000",
    }
    known, fresh = (f"anne-{mark}-{time.time_ns()}@jeune.example" for mark in "ab")
    direct.ask(people.SIGN_UP, input={**form, "email": known})
    answers = [direct.ask(people.SIGN_UP, input={**form, "email": email}).data for email in (known, fresh)]
    assert [answer["signUp"]["person"]["email"] for answer in answers] == [known, fresh]
    assert [sorted(answer["signUp"]) for answer in answers] == [["person"], ["person"]]


def test_the_team_has_a_door_of_its_own_and_a_password_opens_nothing_there(
    asker: Asker, platform: Platform
) -> None:
    account = ensure_staff(platform)["admin"]
    known = {"email": account.email, "password": account.password}
    assert asker.ask(people.SIGN_IN, **known).verdict == "INVALID_CREDENTIALS"
    challenge = asker.ask(team.SIGN_IN_STAFF, **known).data["signInStaff"]
    assert (challenge["factors"], challenge["offer"]) == (["TOTP", "RECOVERY_CODE"], None)
    nobody = Session(challenge["challenge"])
    assert asker.ask(ME, nobody).codes == {"UNAUTHENTICATED"}
    answered = {"challenge": challenge["challenge"], "factor": "RECOVERY_CODE", "proof": "ABCD"}
    verdicts = [asker.ask(team.ANSWER_STAFF_CHALLENGE, **answered).verdict for _ in range(6)]
    assert verdicts == ["WRONG_FACTOR"] * 5 + ["CHALLENGE_OVER"]


def test_the_teams_token_says_that_there_was_a_second_factor(platform: Platform, world: World) -> None:
    key = ECKey.import_key(platform.secrets["PASS_SIGNING_KEY"])
    claims = jwt.decode(world.who["admin"].token or "", key, ["ES256"]).claims
    assert (claims["roles"], claims["amr"]) == (["admin"], ["mfa", "otp", "pwd"])
