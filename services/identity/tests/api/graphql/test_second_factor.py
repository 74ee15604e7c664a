"""The team's sign-in in two steps, its first factor, its recovery codes and their reset (ADR 0021)."""

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from joserfc import jwt

from chassis.auth import StaticKeys, TokenVerifier
from chassis.ids import new_id
from chassis.testing import do_job, principal
from identity.jobs.create_staff import CREATE_STAFF
from identity.persistence.tables import enrolments, factors, persons, recovery_codes
from software_key import SoftwareKey

pytestmark = pytest.mark.servers

RESET = """mutation ($id: ID!, $key: UUID!) { resetFactors(personId: $id, idempotencyKey: $key) {
  __typename ... on FactorsReset { person { id } } ... on Refusal { code message } } }"""
REFRESH = """mutation ($token: String!) { refreshSession(refreshToken: $token) {
  __typename ... on Session { accessToken refreshToken } ... on Refusal { code } } }"""


async def claims_of(identity: Any, session: Any) -> Any:
    """What the token says, once another service would believe it."""
    keys = identity.runtime.access_tokens.key_set()
    await TokenVerifier(StaticKeys(keys)).verify(session["accessToken"])
    return jwt.decode(session["accessToken"], keys, ["ES256"]).claims


async def with_key(identity: Any) -> SoftwareKey:
    """Somebody of the team who has registered a key."""
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    key = SoftwareKey()
    enrolled = await identity.enrol(challenge, key.create(challenge["offer"]["creationOptions"]), "PASSKEY")
    assert enrolled["__typename"] == "FactorEnrolled", enrolled
    return key


async def test_the_first_sign_in_registers_a_factor_before_it_gives_any_right(identity: Any) -> None:
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    assert (challenge["factors"], challenge["requestOptions"]) == ([], None)
    secret = pyotp.parse_uri(challenge["offer"]["otpauthUri"]).secret
    assert (await identity.answer(challenge, identity.code(secret)))["code"] == "WRONG_FACTOR"
    enrolled = await identity.enrol(challenge, identity.code(secret))
    assert len(set(enrolled["recoveryCodes"])) == 8
    claims = await claims_of(identity, enrolled["session"])
    assert (claims["roles"], claims["amr"]) == (["admin"], ["mfa", "otp", "pwd"])


async def test_then_a_password_and_a_code_open_a_session(identity: Any) -> None:
    colleague = await identity.colleague("finance@example.com", "finance")
    challenge = await identity.sign_in_staff(colleague.email)
    assert (challenge["factors"], challenge["offer"]) == (["TOTP", "RECOVERY_CODE"], None)
    session = await identity.answer(challenge, identity.code(colleague.secret))
    claims = await claims_of(identity, session)
    assert (claims["roles"], claims["amr"]) == (["finance"], ["mfa", "otp", "pwd"])
    refreshed = await identity.act(REFRESH, {"token": session["refreshToken"]})
    assert (await claims_of(identity, refreshed))["amr"] == ["mfa", "otp", "pwd"]


async def test_a_session_of_others_says_that_it_was_a_password(identity: Any) -> None:
    await identity.young_person()
    claims = await claims_of(identity, await identity.sign_in("jeune@example.com"))
    assert claims["amr"] == ["pwd"]


async def test_a_key_opens_a_session_too(identity: Any) -> None:
    key = await with_key(identity)
    challenge = await identity.sign_in_staff()
    assert challenge["factors"] == ["PASSKEY", "RECOVERY_CODE"]
    session = await identity.answer(challenge, key.get(challenge["requestOptions"]), "PASSKEY")
    claims = await claims_of(identity, session)
    assert (claims["roles"], claims["amr"]) == (["admin"], ["mfa", "pop", "pwd", "user"])


async def test_a_copied_key_is_noticed_by_its_count(identity: Any) -> None:
    key = await with_key(identity)
    copy = SoftwareKey(credential_id=key.credential_id, private_key=key.private_key)
    for number, (one, opened) in enumerate(((key, "Session"), (key, "Session"), (copy, "WrongFactor"))):
        challenge = await identity.sign_in_staff()
        answer = await identity.answer(challenge, one.get(challenge["requestOptions"]), "PASSKEY")
        assert answer["__typename"] == opened, number


async def test_a_key_of_another_page_opens_nothing(identity: Any) -> None:
    key = await with_key(identity)
    key.origin = "http://attacker.example"
    challenge = await identity.sign_in_staff()
    answer = await identity.answer(challenge, key.get(challenge["requestOptions"]), "PASSKEY")
    assert answer["code"] == "WRONG_FACTOR"


async def test_a_key_is_registered_by_one_person(identity: Any) -> None:
    key = await with_key(identity)
    await identity.make_staff("finance@example.com", "finance")
    challenge = await identity.sign_in_staff("finance@example.com")
    answer = await identity.enrol(challenge, key.create(challenge["offer"]["creationOptions"]), "PASSKEY")
    assert answer["code"] == "WRONG_FACTOR"


async def test_a_recovery_code_opens_one_session(identity: Any) -> None:
    colleague = await identity.colleague()
    code = colleague.recovery_codes[0]
    opened = await identity.answer(await identity.sign_in_staff(), code.lower(), "RECOVERY_CODE")
    assert (await claims_of(identity, opened))["amr"] == ["mfa", "otp", "pwd"]
    again = await identity.answer(await identity.sign_in_staff(), code, "RECOVERY_CODE")
    assert again["code"] == "WRONG_FACTOR"
    other = await identity.answer(
        await identity.sign_in_staff(), colleague.recovery_codes[1], "RECOVERY_CODE"
    )
    assert other["__typename"] == "Session"


async def test_a_factor_is_asked_for_what_it_is(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    for factor, proof in (
        ("PASSKEY", identity.code(colleague.secret)),
        ("RECOVERY_CODE", identity.code(colleague.secret)),
        ("TOTP", colleague.recovery_codes[0]),
    ):
        assert (await identity.answer(challenge, proof, factor))["code"] == "WRONG_FACTOR"
    assert (await identity.enrol(challenge, identity.code(colleague.secret)))["code"] == "WRONG_FACTOR"


async def test_recovery_codes_and_secrets_are_not_in_the_database_as_they_are(identity: Any) -> None:
    colleague = await identity.colleague()
    async with identity.runtime.database.read() as connection:
        kept = [
            row  # as it lies there
            for table in (factors, recovery_codes)
            for row in await connection.execute(sa.text(f"SELECT * FROM {table.name}"))
        ]
    assert len(kept) == 9
    for secret in (colleague.secret, *colleague.recovery_codes):
        assert secret not in str(kept)


async def test_a_first_factor_is_registered_within_three_days(identity: Any) -> None:
    await identity.make_staff()
    identity.runtime.clock.instant += timedelta(hours=72)
    assert (await identity.sign_in_staff())["offer"] is not None
    identity.runtime.clock.instant += timedelta(microseconds=1)
    assert (await identity.sign_in_staff())["code"] == "ENROLMENT_OVER"
    assert await identity.make_staff() == "admin account unchanged"
    assert (await identity.sign_in_staff())["offer"] is not None, "the operator opens it again"


async def test_the_operator_reopens_it_for_nobody_who_has_a_factor(identity: Any) -> None:
    await identity.colleague()
    await identity.make_staff()
    await do_job(
        identity.runtime, CREATE_STAFF, "--email", "equipe@example.com", "--role", "finance",
        "--password", "Autrement123!",
    )  # fmt: skip
    assert (await identity.sign_in_staff(password="Autrement123!"))["offer"] is None
    async with identity.runtime.database.read() as connection:
        rows = (await connection.execute(sa.select(enrolments))).all()
    assert [row.used_at is None for row in rows] == [False]


async def test_a_colleague_resets_a_lost_factor(identity: Any) -> None:
    lost = await identity.colleague("finance@example.com", "finance")
    admin = await identity.colleague()
    before = await identity.sign_in_staff(lost.email)
    variables = {"id": str(lost.principal.person_id), "key": str(new_id())}
    first, again = [await identity.act(RESET, variables, by=admin.principal) for _ in range(2)]
    assert first == again == {"__typename": "FactorsReset", "person": {"id": variables["id"]}}
    refreshed = await identity.act(REFRESH, {"token": lost.session["refreshToken"]})
    assert refreshed["code"] == "INVALID_TOKEN"
    for proof, factor in ((identity.code(lost.secret), "TOTP"), (lost.recovery_codes[0], "RECOVERY_CODE")):
        assert (await identity.answer(before, proof, factor))["code"] == "CHALLENGE_OVER"
    challenge = await identity.sign_in_staff(lost.email)
    secret = pyotp.parse_uri(challenge["offer"]["otpauthUri"]).secret
    assert secret != lost.secret
    assert (await identity.enrol(challenge, identity.code(secret)))["__typename"] == "FactorEnrolled"
    challenge = await identity.sign_in_staff(lost.email)
    old = await identity.answer(challenge, lost.recovery_codes[0], "RECOVERY_CODE")
    assert old["code"] == "WRONG_FACTOR", "those of before went with the factor"
    async with identity.runtime.database.read() as connection:
        who = await connection.scalars(
            sa.select(enrolments.c.opened_by).where(
                enrolments.c.person_id == lost.principal.person_id, enrolments.c.opened_by.is_not(None)
            )
        )
        assert who.all() == [admin.principal.person_id], "who decided it stays known"


async def test_nobody_resets_their_own_nor_what_is_not_of_the_team(identity: Any) -> None:
    colleague = await identity.colleague()
    young = await identity.young_person()
    for who, code in ((colleague.principal, "DECIDES_FOR_THEMSELVES"), (young, "PERSON_NOT_FOUND")):
        answer = await identity.act(RESET, {"id": str(who.person_id)}, by=colleague.principal)
        assert answer["code"] == code
    assert (await identity.session_of(colleague))["__typename"] == "Session"


@pytest.mark.parametrize("role", ["beneficiary", "pro", "finance", None])
async def test_an_administrator_alone_resets(identity: Any, role: str | None) -> None:
    colleague = await identity.colleague()
    who = {} if role is None else {"by": principal(role)}
    variables = {"id": str(colleague.principal.person_id), "key": str(new_id())}
    code = await identity.api.error_code(RESET, variables, **who)
    assert code == ("UNAUTHENTICATED" if role is None else "FORBIDDEN")


async def test_a_session_of_before_is_not_gone_on_with(identity: Any) -> None:
    """One that was opened by a password alone, before its person was of the team, or by an older version of us."""
    young = await identity.young_person()
    session = await identity.sign_in("jeune@example.com")
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(
            sa.update(persons).where(persons.c.id == young.person_id).values(roles=frozenset({"admin"}))
        )
    assert (await identity.act(REFRESH, {"token": session["refreshToken"]}))["code"] == "INVALID_TOKEN"
    with pytest.raises(ValueError, match="second factor"):
        identity.runtime.access_tokens.sign(young.person_id, ["admin"], [])


async def test_the_challenge_says_until_when(identity: Any) -> None:
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    said = datetime.fromisoformat(challenge["expiresAt"])
    assert said == identity.runtime.clock.now() + timedelta(minutes=5)
