"""Only what identity signed, for us, and lately, is believed."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from starlette.responses import JSONResponse, Response

from chassis import auth
from chassis.auth import TEAM, InvalidToken, KeysUnavailable, RemoteKeys, StaticKeys, TokenVerifier
from chassis.testing import SIGNING_KEY, principal, token_for

PRO = principal("pro", structures=(principal().person_id,))
NOW = 1_795_000_000


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier(StaticKeys(KeySet([SIGNING_KEY])))


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the wall clock that judges lifetimes."""

    def at(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: seconds)

    at(NOW)
    return at


async def test_a_good_token_says_who_it_is(verifier: TokenVerifier) -> None:
    assert await verifier.verify(token_for(PRO)) == PRO


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 6},
        {"iat": NOW + 60},
        {"nbf": NOW + 60},
        {"iss": "somebody"},
        {"aud": "app"},
        {"sub": "not-a-uuid"},
        {"sub": None},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"structures": ["not-a-uuid"]},
        {"structures": 5},
        {"roles": 5},
    ],
    ids=str,
)
async def test_a_token_with_one_wrong_claim_is_refused(
    claims: dict[str, Any], verifier: TokenVerifier, wall: Any
) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(token_for(PRO, **claims))


@pytest.mark.parametrize("role", sorted(TEAM))
@pytest.mark.parametrize(
    "methods", [None, [], ["pwd"], ["pwd", "otp"], "mfa", {"mfa": True}, 5, [["mfa"]]], ids=str
)
async def test_a_token_of_the_team_without_a_second_factor_is_refused(
    role: str, methods: object, verifier: TokenVerifier
) -> None:
    """Nothing that asks for a role can forget it: there is nobody who has the role."""
    with pytest.raises(InvalidToken):
        await verifier.verify(token_for(principal(role, "pro"), amr=methods))


async def test_others_need_none(verifier: TokenVerifier) -> None:
    assert await verifier.verify(token_for(PRO, amr=None)) == PRO


@pytest.mark.parametrize("typ", ["JWT", "rt+jwt", ""])
async def test_a_token_of_another_type_is_refused(typ: str, verifier: TokenVerifier) -> None:
    header = {"alg": "ES256", "typ": typ, "kid": SIGNING_KEY.kid}
    with pytest.raises(InvalidToken):
        await verifier.verify(jwt.encode(header, _claims(), SIGNING_KEY))


@pytest.mark.parametrize("critical", [[], ["exp"], ["b64"]], ids=str)
async def test_a_token_with_critical_extensions_is_refused_an_empty_list_of_them_too(
    critical: list[str], verifier: TokenVerifier
) -> None:
    protected = {"alg": "ES256", "typ": "at+jwt", "kid": SIGNING_KEY.kid, "crit": critical}

    def part(content: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    signed = f"{part(protected)}.{part(_claims())}"
    first, second = decode_dss_signature(SIGNING_KEY.private_key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = first.to_bytes(32) + second.to_bytes(32)
    token = f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_algorithm_none_is_refused(verifier: TokenVerifier) -> None:
    for algorithm in ("none", "None", "NONE"):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": SIGNING_KEY.kid}
        with pytest.raises(InvalidToken):
            await verifier.verify(f"{_b64(header)}.{_b64(_claims())}.")


async def test_hs256_with_the_public_key_as_its_secret_is_refused(verifier: TokenVerifier) -> None:
    for secret in (
        SIGNING_KEY.as_pem(private=False),
        json.dumps(SIGNING_KEY.as_dict(private=False)).encode(),
    ):
        header = {"alg": "HS256", "typ": "at+jwt", "kid": SIGNING_KEY.kid}
        forged = _signed_hs256(header, secret)
        with pytest.raises(InvalidToken):
            await verifier.verify(forged)


async def test_another_key_of_the_same_name_is_refused(verifier: TokenVerifier) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(token_for(PRO, key=ECKey.generate_key("P-256", {"kid": "tests"})))


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode() + ".e30.e30"))
def test_garbage_is_refused(garbage: str) -> None:
    verifier = TokenVerifier(StaticKeys(KeySet([SIGNING_KEY])))
    with pytest.raises(InvalidToken):
        asyncio.run(verifier.verify(garbage))


@pytest.mark.parametrize(
    "header", ["[]", "5", '{"alg":5}', '{"alg":["ES256"]}', '{"alg":"ES256","kid":{}}', "[" * 5000]
)
async def test_a_header_of_another_shape_is_refused(header: str, verifier: TokenVerifier) -> None:
    encoded = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    with pytest.raises(InvalidToken):
        await verifier.verify(f"{encoded}.e30.e30")


async def test_a_remembered_token_is_forgotten_when_it_expires(verifier: TokenVerifier, wall: Any) -> None:
    token = token_for(PRO, lifetime_seconds=60)
    assert await verifier.verify(token) == PRO
    wall(NOW + 64)
    assert await verifier.verify(token) == PRO, "five seconds of leeway between clocks"
    wall(NOW + 66)
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_a_token_is_verified_once_and_then_looked_up(verifier: TokenVerifier) -> None:
    token = token_for(PRO)
    first = await verifier.verify(token)
    assert await verifier.verify(token) is first


class Issuer:
    """A JWKS address that can be changed, broken and counted."""

    def __init__(self) -> None:
        self.keys = KeySet([ECKey.generate_key("P-256", {"kid": "first"})])
        self.broken = False
        self.asked = 0
        self.url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        answer = Response("no", 500) if self.broken else JSONResponse(self.keys.as_dict(private=False))
        await answer(scope, receive, send)

    def token(self) -> str:
        key = list(self.keys)[-1]
        assert isinstance(key, ECKey)
        return token_for(PRO, key=key)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    application = Issuer()
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110  # the server has nothing else to wait for
        await asyncio.sleep(0.005)
    application.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    yield application
    server.should_exit = True
    await serving


async def test_published_keys_are_fetched_once(issuer: Issuer) -> None:
    verifier = TokenVerifier(RemoteKeys(issuer.url))
    token = issuer.token()
    answers = await asyncio.gather(*(verifier.verify(token) for _ in range(20)))
    assert answers == [PRO] * 20
    assert issuer.asked == 1


async def test_a_rotated_key_is_picked_up(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "_REFETCH_SECONDS", 0.0)
    verifier = TokenVerifier(RemoteKeys(issuer.url))
    old = issuer.token()
    await verifier.verify(old)
    issuer.keys = KeySet([*issuer.keys, ECKey.generate_key("P-256", {"kid": "second"})])
    assert await verifier.verify(issuer.token()) == PRO
    assert await verifier.verify(old) == PRO


async def test_forged_tokens_do_not_make_us_ask_the_issuer_again_and_again(issuer: Issuer) -> None:
    verifier = TokenVerifier(RemoteKeys(issuer.url))
    await verifier.verify(issuer.token())
    for _ in range(10):
        with pytest.raises(InvalidToken):
            await verifier.verify(token_for(PRO, key=ECKey.generate_key("P-256", {"kid": "unknown"})))
    assert issuer.asked == 1


async def test_keys_that_cannot_be_had_are_said_to_be_unavailable(issuer: Issuer) -> None:
    issuer.broken = True
    for url in ("http://127.0.0.1:1/", issuer.url, "not an address"):
        with pytest.raises(KeysUnavailable):
            await TokenVerifier(RemoteKeys(url)).verify(token_for(PRO))


async def test_known_keys_serve_on_while_the_issuer_is_away(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "_REFETCH_SECONDS", 0.0)
    verifier = TokenVerifier(RemoteKeys(issuer.url))
    await verifier.verify(issuer.token())
    issuer.broken = True
    with pytest.raises(InvalidToken):
        await verifier.verify(token_for(PRO, key=ECKey.generate_key("P-256", {"kid": "unknown"})))
    another = token_for(principal("admin"), key=next(iter(issuer.keys)))  # type: ignore[arg-type]
    assert (await verifier.verify(another)).roles == {"admin"}


def _claims() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token_for(PRO).split(".")[1] + "=="))
    return body


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signed_hs256(header: dict[str, Any], secret: bytes) -> str:
    return jwt.encode(header, _claims(), OctKey.import_key(base64.b64encode(secret)), algorithms=["HS256"])
