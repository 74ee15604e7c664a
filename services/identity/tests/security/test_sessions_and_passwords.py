"""Sessions end whatever happens, tokens are told apart, nothing keeps a copy; leaked passwords are not taken."""

import base64
import os
import secrets
from datetime import timedelta
from typing import Any

import pytest
import structlog
from joserfc import jwt

from chassis.testing import do_job
from identity.credentials import OfflineSample, is_leaked
from identity.jobs.create_staff import CREATE_STAFF
from identity.persistence.tables import persons
from identity_world import SIGN_IN

pytestmark = pytest.mark.servers

LEAKED = "Motdepasse123!"
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Session { refreshToken accessToken } ... on Refusal { code } } }"""


async def refreshed(identity: Any, token: str, every: timedelta, *, times: int) -> str | None:
    """The next refresh token after so many exchanges; None when one was refused."""
    for _ in range(times):
        identity.runtime.clock.instant += every
        answer = await identity.act(REFRESH, {"token": token})
        if answer["__typename"] != "Session":
            return None
        token = answer["refreshToken"]
    return token


async def test_a_session_of_a_young_person_ends_after_180_days_however_often_it_is_refreshed(
    identity: Any,
) -> None:
    await identity.young_person()
    token = (await identity.sign_in("jeune@example.com"))["refreshToken"]
    token = await refreshed(identity, token, timedelta(days=25), times=7)
    assert token is not None
    assert await refreshed(identity, token, timedelta(days=5), times=1) is None


async def test_a_session_of_the_team_ends_after_12_hours(identity: Any) -> None:
    token = (await identity.colleague()).session["refreshToken"]
    token = await refreshed(identity, token, timedelta(hours=3, minutes=59), times=3)
    assert token is not None
    assert await refreshed(identity, token, timedelta(minutes=3), times=1) is None


async def test_each_token_has_an_id_and_names_its_session(identity: Any) -> None:
    await identity.young_person()
    first = await identity.sign_in("jeune@example.com")
    second = await identity.act(REFRESH, {"token": first["refreshToken"]})
    keys = identity.runtime.access_tokens.key_set()
    claims = [jwt.decode(each["accessToken"], keys, ["ES256"]).claims for each in (first, second)]
    assert claims[0]["sid"] == claims[1]["sid"]
    assert claims[0]["jti"] != claims[1]["jti"]


async def test_nothing_between_keeps_a_copy_of_an_answer(identity: Any) -> None:
    await identity.young_person()
    body = {"query": SIGN_IN, "variables": {"email": "jeune@example.com", "password": "Abcdefgh123!"}}
    response = await identity.api.http.post("/graphql", json=body)
    assert "accessToken" in response.text
    assert response.headers["cache-control"] == "no-store"


async def test_a_leaked_password_is_not_taken_by_any_door(identity: Any) -> None:
    assert (await identity.sign_up(password=LEAKED))["code"] == "BREACHED_PASSWORD"
    assert (await identity.sign_up_pro(password=LEAKED))["code"] == "BREACHED_PASSWORD"
    arguments = ("--email", "equipe@example.com", "--role", "admin", "--password", LEAKED)
    with pytest.raises(SystemExit, match="fuite"):
        await do_job(identity.runtime, CREATE_STAFF, *arguments)


async def test_whoever_is_asked_about_leaks_learns_five_characters_of_a_digest() -> None:
    class Asked(OfflineSample):
        prefixes: list[str] = []

        async def suffixes(self, prefix: str) -> Any:
            self.prefixes.append(prefix)
            return await super().suffixes(prefix)

    leaks = Asked()
    assert await is_leaked(LEAKED, leaks)
    assert not await is_leaked("Abcdefgh123!", leaks)
    assert [len(prefix) for prefix in leaks.prefixes] == [5, 5]


async def test_a_long_password_is_taken_whole(identity: Any) -> None:
    """Longer than any hash's block: the last sign of it counts."""
    long = "Une phrase de passe, n° 1 : " + "é" * 200
    await identity.sign_up(password=long)
    assert (await identity.confirm_email(await identity.mailed_token(), long))[
        "__typename"
    ] == "EmailConfirmed"
    assert (await identity.sign_in("jeune@example.com", long))["__typename"] == "Session"
    assert (await identity.sign_in("jeune@example.com", long[:-1]))["code"] == "INVALID_CREDENTIALS"


async def test_a_password_does_not_age(identity: Any) -> None:
    await identity.young_person()
    identity.runtime.clock.instant += timedelta(days=10 * 365)
    assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"


async def test_no_account_is_there_before_somebody_makes_it(identity: Any) -> None:
    assert await identity.count(persons) == 0
    with pytest.raises(SystemExit):
        await do_job(identity.runtime, CREATE_STAFF, "--email", "equipe@example.com", "--role", "admin")
    assert await identity.count(persons) == 0, "and none without a password"


async def test_a_refresh_token_is_32_random_bytes(identity: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await identity.young_person()
    drawn: list[int] = []

    def draw(size: int) -> bytes:
        drawn.append(size)
        return os.urandom(size)

    monkeypatch.setattr(secrets, "token_bytes", draw)
    tokens = [(await identity.sign_in("jeune@example.com"))["refreshToken"] for _ in range(3)]
    assert drawn == [32] * 3, "from the operating system, by the library for secrets"
    assert len(set(tokens)) == 3
    assert {len(base64.urlsafe_b64decode(f"{token}=")) for token in tokens} == {32}


async def test_every_act_of_signing_in_and_out_is_told(identity: Any) -> None:
    """With its person where it has proved one, and whatever became of it."""
    with structlog.testing.capture_logs() as logged:
        young = await identity.young_person()
        session = await identity.sign_in("jeune@example.com")
        await identity.act(REFRESH, {"token": session["refreshToken"]})
        await identity.act(REFRESH, {"token": session["refreshToken"]})
        await identity.api.data("mutation { signOut }", by=young)
        await identity.sign_up_pro()
    told = [line for line in logged if line["event"] == "security"]
    who = str(young.person_id)
    assert [(*line["acts"], line["outcome"], *line["subjects"]) for line in told] == [
        ("signUp", "done"),
        ("confirmEmail", "done"),
        ("signIn", "done", who),
        ("refreshSession", "done", who),
        ("refreshSession", "refused"),
        ("signOut", "done"),
        ("signUpPro", "done"),
    ]
