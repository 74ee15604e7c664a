"""Signing in, refreshing, signing out, and the keys that verify (domain.md §2.7, §2.8)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc.jwk import KeySet

from chassis.auth import InvalidToken, StaticKeys, TokenVerifier
from chassis.tables import revocations

pytestmark = pytest.mark.servers

REFRESH = """
mutation ($token: String!) {
  refreshSession(refreshToken: $token) {
    __typename ... on Session { accessToken refreshToken person { id } } ... on Refusal { code }
  }
}"""
SIGN_OUT = "mutation ($token: String) { signOut(refreshToken: $token) }"
PASSWORD = "Abcdefgh123!"


async def verifier(identity: Any) -> TokenVerifier:
    """As another service would make it: from the published keys alone."""
    response = await identity.api.http.get("/.well-known/jwks.json")
    document = response.json()
    assert set(document["keys"][0]) >= {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert "d" not in document["keys"][0]
    return TokenVerifier(StaticKeys(KeySet.import_key_set(document)))


async def refresh(identity: Any, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = await identity.act(REFRESH, {"token": token})
    return answer


async def test_a_session_says_who_which_doors_and_for_which_structures(identity: Any) -> None:
    pro, structure_id = await identity.pro()
    session = await identity.sign_in("LIEU@example.com ")
    assert session["expiresInSeconds"] == 900
    who = await (await verifier(identity)).verify(session["accessToken"])
    assert who.person_id == pro.person_id
    assert who.roles == {"pro"}
    assert who.structure_ids == {structure_id}


async def test_a_pending_colleague_signs_in_without_any_door(identity: Any) -> None:
    await identity.pro()
    await identity.sign_up_pro(email="collegue@example.com")
    await identity.confirm()
    session = await identity.sign_in("collegue@example.com")
    who = await (await verifier(identity)).verify(session["accessToken"])
    assert (who.roles, who.structure_ids) == (frozenset(), frozenset())


async def test_unknown_wrong_and_unreadable_have_one_answer(identity: Any) -> None:
    await identity.young_person()
    answers = [
        await identity.sign_in("personne@example.com"),
        await identity.sign_in("jeune@example.com", "Autrement123!"),
        await identity.sign_in("pas une adresse"),
        await identity.sign_in("\u0000@example.com"),
    ]
    assert {answer["code"] for answer in answers} == {"INVALID_CREDENTIALS"}
    assert len({answer["message"] for answer in answers}) == 1


async def test_an_unconfirmed_address_is_said_to_its_owner_only(identity: Any) -> None:
    await identity.sign_up()
    assert (await identity.sign_in("jeune@example.com"))["code"] == "EMAIL_NOT_CONFIRMED"
    assert (await identity.sign_in("jeune@example.com", "Autrement123!"))["code"] == "INVALID_CREDENTIALS"


async def test_failures_on_many_addresses_count_for_the_place(identity: Any) -> None:
    for number in range(30):
        await identity.sign_in(f"personne{number}@example.com")
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.sign_in("encore@example.com")
    identity.runtime.clock.instant += timedelta(minutes=1)
    assert (await identity.sign_in("encore@example.com"))["code"] == "INVALID_CREDENTIALS"


async def test_successes_do_not_count(identity: Any) -> None:
    await identity.young_person()
    for _ in range(12):
        assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"


async def test_a_success_does_not_wipe_earlier_failures(identity: Any) -> None:
    await identity.young_person()
    for _ in range(9):
        await identity.sign_in("personne@example.com")
    assert (await identity.sign_in("jeune@example.com"))["__typename"] == "Session"
    await identity.sign_in("personne@example.com")
    with pytest.raises(AssertionError, match="TOO_MANY_REQUESTS"):
        await identity.sign_in("personne@example.com")


async def test_a_refresh_token_is_exchanged_once(identity: Any) -> None:
    await identity.young_person()
    first = await identity.sign_in("jeune@example.com")
    second = await refresh(identity, first["refreshToken"])
    assert second["person"] == first["person"]
    assert second["refreshToken"] != first["refreshToken"]
    await (await verifier(identity)).verify(second["accessToken"])


async def test_a_token_that_comes_back_closes_its_whole_session(identity: Any) -> None:
    await identity.young_person()
    first = await identity.sign_in("jeune@example.com")
    second = await refresh(identity, first["refreshToken"])
    assert (await refresh(identity, first["refreshToken"]))["code"] == "INVALID_TOKEN"
    assert (await refresh(identity, second["refreshToken"]))["code"] == "INVALID_TOKEN"
    other = await identity.sign_in("jeune@example.com")
    assert (await refresh(identity, other["refreshToken"]))["__typename"] == "Session"


async def test_of_two_exchanges_at_once_one_succeeds(identity: Any) -> None:
    await identity.young_person()
    token = (await identity.sign_in("jeune@example.com"))["refreshToken"]
    answers = await asyncio.gather(*(refresh(identity, token) for _ in range(4)))
    assert sum(answer["__typename"] == "Session" for answer in answers) == 1


async def test_a_refresh_token_lives_31_days(identity: Any) -> None:
    await identity.young_person()
    token = (await identity.sign_in("jeune@example.com"))["refreshToken"]
    identity.runtime.clock.instant += timedelta(days=31, microseconds=1)
    assert (await refresh(identity, token))["code"] == "INVALID_TOKEN"


async def test_signing_out_closes_one_session_or_all_of_them(identity: Any) -> None:
    young = await identity.young_person()
    tokens = [(await identity.sign_in("jeune@example.com"))["refreshToken"] for _ in range(3)]
    await identity.api.data(SIGN_OUT, {"token": tokens[0]})
    assert (await refresh(identity, tokens[0]))["code"] == "INVALID_TOKEN"
    assert (await refresh(identity, tokens[1]))["__typename"] == "Session"
    await identity.api.data(SIGN_OUT, by=young)
    assert (await refresh(identity, tokens[2]))["code"] == "INVALID_TOKEN"
    await identity.api.data(SIGN_OUT, {"token": "unknown"})


async def test_a_forged_token_is_not_believed(identity: Any) -> None:
    await identity.young_person()
    head, body, signature = (await identity.sign_in("jeune@example.com"))["accessToken"].split(".")
    with pytest.raises(InvalidToken):
        await (await verifier(identity)).verify(f"{head}.{body}.{signature[::-1]}")


MINE = """{ mySessions { edges { node { id openedAt lastUsedAt isCurrent } } } }"""
CLOSE = """
mutation ($id: ID!, $key: UUID!) {
  closeSession(sessionId: $id, idempotencyKey: $key) {
    __typename ... on SessionClosed { sessionId } ... on Refusal { code message }
  }
}"""


async def sessions_of(identity: Any, who: Any) -> list[dict[str, Any]]:
    answer = await identity.api.data(MINE, by=who)
    return [edge["node"] for edge in answer["mySessions"]["edges"]]


async def test_one_sees_ones_own_sessions_and_closes_any_of_them(identity: Any) -> None:
    await identity.young_person()
    phone, library = [await identity.sign_in("jeune@example.com") for _ in range(2)]
    me = await (await verifier(identity)).verify(phone["accessToken"])
    at_the_library, here = await sessions_of(identity, me)
    assert (at_the_library["isCurrent"], here["isCurrent"]) == (False, True)
    for _ in range(2):
        closed = await identity.act(CLOSE, {"id": at_the_library["id"], "key": str(me.session_id)}, by=me)
        assert closed == {"__typename": "SessionClosed", "sessionId": at_the_library["id"]}
    assert [session["id"] for session in await sessions_of(identity, me)] == [here["id"]]
    assert (await refresh(identity, library["refreshToken"]))["code"] == "INVALID_TOKEN"
    assert (await refresh(identity, phone["refreshToken"]))["__typename"] == "Session"


async def test_a_strangers_session_is_none(identity: Any) -> None:
    await identity.young_person()
    await identity.sign_in("jeune@example.com")
    other = await identity.young_person(email="autre@example.com")
    stranger = await (await verifier(identity)).verify(
        (await identity.sign_in("autre@example.com"))["accessToken"]
    )
    assert stranger.person_id == other.person_id
    (theirs,) = await sessions_of(identity, stranger)
    someone = await (await verifier(identity)).verify(
        (await identity.sign_in("jeune@example.com"))["accessToken"]
    )
    assert (await identity.act(CLOSE, {"id": theirs["id"]}, by=someone))["code"] == "SESSION_NOT_FOUND"
    assert (await identity.act(CLOSE, {"id": theirs["id"]}, by=identity.admin))["code"] == "SESSION_NOT_FOUND"
    assert len(await sessions_of(identity, stranger)) == 1


async def test_a_session_that_is_used_says_when(identity: Any) -> None:
    await identity.young_person()
    token = await identity.sign_in("jeune@example.com")
    me = await (await verifier(identity)).verify(token["accessToken"])
    identity.runtime.clock.instant += timedelta(minutes=10)
    await refresh(identity, token["refreshToken"])
    (mine,) = await sessions_of(identity, me)
    assert mine["lastUsedAt"] > mine["openedAt"]
    identity.runtime.clock.instant += timedelta(days=32)
    assert await sessions_of(identity, me) == [], "it cannot be refreshed any more"


async def test_whoever_takes_tokens_hears_of_sessions_whose_tokens_are_still_good(identity: Any) -> None:
    young = await identity.young_person()
    await identity.sign_in("jeune@example.com")
    identity.runtime.clock.instant += timedelta(hours=1)
    token = await identity.sign_in("jeune@example.com")
    me = await (await verifier(identity)).verify(token["accessToken"])
    await identity.api.data(SIGN_OUT, by=young)
    (event,) = await identity.events("identity.session.v1")
    assert event["id"] == str(me.session_id), "of the other one no token is left"
    assert set(event) == {"id", "version", "until"}
    assert event["until"] > identity.runtime.clock.now().isoformat()
    async with identity.runtime.database.read() as connection:
        assert [row.id for row in await connection.execute(sa.select(revocations))] == [me.session_id]
