"""Who is of the team signs in by two steps and by no other; nothing of it serves twice, whoever races whom."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
import structlog

from chassis.at_rest import KeyRing, give_ring
from chassis.incoming import CLIENT_ADDRESS_HEADER
from chassis.reseal import reseal
from chassis.sealed import Sealer
from chassis.testing import do_job, principal
from identity.persistence import factors
from identity.persistence.tables import METADATA, enrolments, sessions, staff_challenges
from identity.persistence.tables import factors as factor_rows
from identity_world import ANSWER_STAFF_CHALLENGE, SIGN_IN, SIGN_IN_STAFF
from software_key import SoftwareKey

pytestmark = pytest.mark.servers

AT_ONCE = 8
EMAIL = "equipe@example.com"


async def kinds(*asked: Any) -> list[str]:
    """The types of what all of them, sent at once, were answered."""
    return sorted([answer["__typename"] for answer in await asyncio.gather(*asked)])


def one(winner: str, loser: str) -> list[str]:
    return sorted([winner] + [loser] * (AT_ONCE - 1))


# -- no way around


async def test_a_right_password_of_the_team_is_a_wrong_one_at_the_other_door(identity: Any) -> None:
    colleague = await identity.colleague()
    answers = [
        await identity.sign_in(colleague.email),
        await identity.sign_in(colleague.email, "Autrement123!"),
        await identity.sign_in("personne@example.com"),
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["code"] == "INVALID_CREDENTIALS"
    assert await identity.count(sessions) == 1, "the one of the enrolment"


async def test_the_teams_door_tells_nothing_of_who_has_which_account(identity: Any) -> None:
    colleague = await identity.colleague()
    await identity.young_person()
    answers = [
        await identity.sign_in_staff("jeune@example.com"),
        await identity.sign_in_staff("jeune@example.com", "Autrement123!"),
        await identity.sign_in_staff(colleague.email, "Autrement123!"),
        await identity.sign_in_staff("personne@example.com"),
        await identity.sign_in_staff("pas une adresse"),
    ]
    assert [answer["code"] for answer in answers] == ["INVALID_CREDENTIALS"] * 5
    assert len({str(answer) for answer in answers}) == 1
    assert await identity.count(staff_challenges) == 1, "the one of the enrolment"


async def test_either_door_compares_twice_before_it_says_no(
    identity: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long for who is of the team as for who is not, and for a right password as for a wrong one."""
    colleague = await identity.colleague()
    await identity.young_person()
    compared: list[bool] = []
    matches = identity.runtime.credentials.matches

    async def counted(password: str, password_hash: str | None) -> bool:
        compared.append(password_hash is not None)
        return bool(await matches(password, password_hash))

    monkeypatch.setattr(type(identity.runtime.credentials), "matches", lambda self, *asked: counted(*asked))
    for door, email in ((identity.sign_in, colleague.email), (identity.sign_in_staff, "jeune@example.com")):
        for password in ("Abcdefgh123!", "Autrement123!"):
            compared.clear()
            await door(email, password)
            assert len(compared) == 2


async def test_wrong_passwords_count_at_both_doors_together(identity: Any) -> None:
    await identity.colleague()

    async def is_throttled(document: str, address: str) -> bool:
        answer = await identity.api.execute(
            document, {"email": EMAIL, "password": "Autrement123!"}, headers={CLIENT_ADDRESS_HEADER: address}
        )
        return bool(answer.get("errors"))

    for number in range(5):
        assert not await is_throttled(SIGN_IN, f"203.0.113.1{number}")
        assert not await is_throttled(SIGN_IN_STAFF, f"203.0.113.2{number}")
    assert await is_throttled(SIGN_IN, "203.0.113.30")
    assert await is_throttled(SIGN_IN_STAFF, "203.0.113.31")


async def test_a_right_password_at_the_wrong_door_counts_as_a_wrong_one(identity: Any) -> None:
    """Else the count would tell whose it is."""
    await identity.colleague()
    for _ in range(10):
        await identity.sign_in(EMAIL, address="203.0.113.77")
    code = await identity.api.error_code(
        SIGN_IN,
        {"email": EMAIL, "password": "Abcdefgh123!"},
        headers={CLIENT_ADDRESS_HEADER: "203.0.113.77"},
    )
    assert code == "TOO_MANY_REQUESTS"


async def test_one_step_a_request(identity: Any) -> None:
    sign_in = 'signInStaff(email: "a@example.com", password: "p") { __typename }'
    answer = 'answerStaffChallenge(challenge: "c", factor: TOTP, proof: "1") { __typename }'
    for pair in ((sign_in, sign_in), (answer, answer), (sign_in, answer)):
        document = f"mutation {{ a: {pair[0]} b: {pair[1]} }}"
        assert await identity.api.error_code(document) == "LIMIT_EXCEEDED"


# -- nothing serves twice


async def test_two_answers_to_one_challenge_open_one_session(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    proofs = [colleague.recovery_codes[0], identity.code(colleague.secret)]
    kinds_ = [("RECOVERY_CODE", proofs[0]), ("TOTP", proofs[1])]
    found = await kinds(*(identity.answer(challenge, proof, factor) for factor, proof in kinds_ * 2))
    assert found.count("Session") == 1
    assert await identity.count(sessions) == 2


async def test_two_uses_of_one_code_open_one_session(identity: Any) -> None:
    colleague = await identity.colleague()
    challenges = [await identity.sign_in_staff() for _ in range(AT_ONCE)]
    code = identity.code(colleague.secret)
    found = await kinds(*(identity.answer(challenge, code) for challenge in challenges))
    assert found == one("Session", "WrongFactor")


async def test_two_uses_of_one_recovery_code_open_one_session(identity: Any) -> None:
    colleague = await identity.colleague()
    challenges = [await identity.sign_in_staff() for _ in range(AT_ONCE)]
    code = colleague.recovery_codes[0]
    found = await kinds(*(identity.answer(challenge, code, "RECOVERY_CODE") for challenge in challenges))
    assert found == one("Session", "WrongFactor")


async def test_two_registrations_at_once_leave_one_factor(identity: Any) -> None:
    await identity.make_staff()
    challenges = [await identity.sign_in_staff() for _ in range(AT_ONCE)]
    secrets = [pyotp.parse_uri(each["offer"]["otpauthUri"]).secret for each in challenges]
    asked = zip(challenges, secrets, strict=True)
    found = await kinds(*(identity.enrol(challenge, identity.code(secret)) for challenge, secret in asked))
    assert found == one("FactorEnrolled", "ChallengeOver")


async def test_the_guards_stand_in_the_statements(identity: Any) -> None:
    """Of two transactions that both saw a fresh code, challenge, recovery code or window, one writes."""
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    person_id, now = colleague.principal.person_id, identity.runtime.clock.now()
    async with identity.runtime.database.read() as connection:
        (held,) = await factors.of_person(connection, person_id)
        (digest,) = (
            await connection.scalars(
                sa.select(staff_challenges.c.digest).where(staff_challenges.c.answered_at.is_(None))
            )
        ).all()
        recovery = await connection.scalar(sa.text("SELECT digest FROM recovery_codes LIMIT 1"))
    assert challenge["challenge"]
    step = held.last_step + 5
    guarded = {
        "step": lambda connection: factors.take_step(connection, held.id, step),
        "challenge": lambda connection: factors.answer_challenge(connection, digest, now),
        "recovery code": lambda connection: factors.use_recovery_code(connection, person_id, recovery, now),
    }
    for name, take in guarded.items():
        taken = await asyncio.gather(*(identity.runtime.database.run(take) for _ in range(AT_ONCE)))
        assert sum(taken) == 1, name
    async with identity.runtime.database.read() as connection:
        assert not await factors.take_step(connection, held.id, step - 1), "none of before either"
        assert not await factors.use_enrolment(connection, person_id, now)


async def test_the_count_of_a_key_is_guarded_where_it_is_written(identity: Any) -> None:
    """Two answers of a key and its copy may both have been read against the same count."""
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    key = SoftwareKey(sign_count=6)
    await identity.enrol(challenge, key.create(challenge["offer"]["creationOptions"]), "PASSKEY")
    async with identity.runtime.database.read() as connection:
        held = await connection.scalar(sa.select(factor_rows.c.id))

    async def take(connection: Any) -> bool:
        return await factors.take_count(connection, held, 7)

    taken = await asyncio.gather(*(identity.runtime.database.run(take) for _ in range(AT_ONCE)))
    assert sum(taken) == 1
    async with identity.runtime.database.read() as connection:
        assert [await factors.take_count(connection, held, count) for count in (0, 6, 7, 2**32 - 1)] == [
            *(False, False, False, True)
        ]


async def test_a_code_of_before_is_not_taken_after_a_later_one(identity: Any) -> None:
    colleague = await identity.colleague()
    later = await identity.answer(await identity.sign_in_staff(), identity.code(colleague.secret, 1))
    assert later["__typename"] == "Session", "a telephone may be half a minute ahead"
    now = await identity.answer(await identity.sign_in_staff(), identity.code(colleague.secret))
    assert now["code"] == "WRONG_FACTOR"


async def test_the_code_that_registered_a_factor_has_served(identity: Any) -> None:
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    code = identity.code(pyotp.parse_uri(challenge["offer"]["otpauthUri"]).secret)
    assert (await identity.enrol(challenge, code))["__typename"] == "FactorEnrolled"
    assert (await identity.answer(await identity.sign_in_staff(), code))["code"] == "WRONG_FACTOR"


async def test_an_answer_of_a_key_is_to_one_challenge(identity: Any) -> None:
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    key = SoftwareKey(counts=False)
    await identity.enrol(challenge, key.create(challenge["offer"]["creationOptions"]), "PASSKEY")
    heard = await identity.sign_in_staff()
    answer = key.get(heard["requestOptions"])
    assert (await identity.answer(heard, answer, "PASSKEY"))["__typename"] == "Session"
    assert (await identity.answer(heard, answer, "PASSKEY"))["code"] == "CHALLENGE_OVER"
    assert (await identity.answer(await identity.sign_in_staff(), answer, "PASSKEY"))[
        "code"
    ] == "WRONG_FACTOR"


# -- bounds


async def test_a_challenge_is_good_for_five_minutes(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    identity.runtime.clock.instant += timedelta(minutes=5, microseconds=1)
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["code"] == "CHALLENGE_OVER"
    challenge = await identity.sign_in_staff()
    identity.runtime.clock.instant += timedelta(minutes=5)
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["__typename"] == "Session"


async def test_a_challenge_has_five_tries_however_many_are_sent_at_once(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    found = await kinds(*(identity.answer(challenge, "ABCD", "RECOVERY_CODE") for _ in range(12)))
    assert found.count("WrongFactor") == 5
    assert found.count("ChallengeOver") == 7
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["code"] == "CHALLENGE_OVER"


async def test_wrong_codes_count_for_the_person_whichever_challenge_they_answer(identity: Any) -> None:
    """Who has the password may ask for one challenge after the other; keys and recovery codes go on opening."""
    colleague = await identity.colleague()
    wrong = "000000" if identity.code(colleague.secret) != "000000" else "111111"
    for _ in range(2):
        challenge = await identity.sign_in_staff()
        for _ in range(5):
            assert (await identity.answer(challenge, wrong))["code"] == "WRONG_FACTOR"
    challenge = await identity.sign_in_staff()
    variables = {
        "challenge": challenge["challenge"],
        "factor": "TOTP",
        "proof": identity.code(colleague.secret),
    }
    assert await identity.api.error_code(ANSWER_STAFF_CHALLENGE, variables) == "TOO_MANY_REQUESTS"
    recovered = await identity.answer(challenge, colleague.recovery_codes[0], "RECOVERY_CODE")
    assert recovered["__typename"] == "Session"
    identity.runtime.clock.instant += timedelta(hours=1)
    assert (await identity.session_of(colleague))["__typename"] == "Session"


async def test_whoever_has_the_password_does_not_go_on_guessing_hour_after_hour(identity: Any) -> None:
    """Ten an hour for a year are 88 000, of which each has three chances in a million: one password in four."""
    colleague = await identity.colleague()
    taken = 0
    for _ in range(6):
        for _ in range(2):
            challenge = await identity.sign_in_staff()
            for _ in range(5):
                right = {identity.code(colleague.secret, step) for step in range(-1, 2)}
                wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in right)
                variables = {"challenge": challenge["challenge"], "factor": "TOTP", "proof": wrong}
                answer = await identity.api.execute(ANSWER_STAFF_CHALLENGE, variables)
                taken += "errors" not in answer
        identity.runtime.clock.instant += timedelta(hours=1, seconds=1)
    assert taken == 30
    recovered = await identity.answer(
        await identity.sign_in_staff(), colleague.recovery_codes[0], "RECOVERY_CODE"
    )
    assert recovered["__typename"] == "Session", "who has them is not kept out"
    identity.runtime.clock.instant += timedelta(days=1)
    assert (await identity.session_of(colleague))["__typename"] == "Session"


async def test_right_codes_do_not_count(identity: Any) -> None:
    colleague = await identity.colleague()
    for _ in range(32):
        assert (await identity.session_of(colleague))["__typename"] == "Session"


async def test_whoever_is_suspended_between_the_steps_is_out(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    suspend = """mutation ($id: ID!, $key: UUID!) {
      suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) { __typename } }"""
    unsuspend = """mutation ($id: ID!, $key: UUID!) {
      unsuspendPerson(personId: $id, idempotencyKey: $key) { __typename } }"""
    who = {"id": str(colleague.principal.person_id)}
    await identity.act(suspend, who, by=identity.admin)
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["code"] == "CHALLENGE_OVER"
    assert (await identity.sign_in_staff())["code"] == "INVALID_CREDENTIALS"
    await identity.act(unsuspend, who, by=identity.admin)
    again = await identity.answer(challenge, identity.code(colleague.secret))
    assert again["code"] == "CHALLENGE_OVER", "given back, they begin with the password"
    assert (await identity.session_of(colleague))["__typename"] == "Session"


async def test_a_new_password_ends_the_challenges_of_the_old_one(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    await identity.make_staff(password="Autrement123!")
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["code"] == "CHALLENGE_OVER"


async def test_so_does_one_that_they_chose_themselves(identity: Any) -> None:
    colleague = await identity.colleague()
    challenge = await identity.sign_in_staff()
    change = """mutation ($old: String!, $new: String!, $key: UUID!) {
      changePassword(oldPassword: $old, newPassword: $new, newPasswordConfirmation: $new, idempotencyKey: $key) {
        __typename } }"""
    passwords = {"old": "Abcdefgh123!", "new": "Autrement123!"}
    done = await identity.act(change, passwords, by=colleague.principal)
    assert done["__typename"] == "PasswordChanged"
    assert (await identity.answer(challenge, identity.code(colleague.secret)))["code"] == "CHALLENGE_OVER"
    assert (await identity.session_of(colleague, "Autrement123!"))["__typename"] == "Session"


async def test_a_reset_leaves_nobody_in_by_what_they_offered_before(identity: Any) -> None:
    """A challenge with an offer, kept from before another registered: it registers nothing any more."""
    await identity.make_staff()
    kept, used = [await identity.sign_in_staff() for _ in range(2)]
    secrets = [pyotp.parse_uri(each["offer"]["otpauthUri"]).secret for each in (kept, used)]
    assert (await identity.enrol(used, identity.code(secrets[1])))["__typename"] == "FactorEnrolled"
    assert (await identity.enrol(kept, identity.code(secrets[0])))["code"] == "CHALLENGE_OVER"
    assert await identity.count(enrolments) == 1


# -- what is kept and what is told


TAKEN = {
    "another's secret": "UPDATE factors SET secret = (SELECT secret FROM factors WHERE person_id = :mine)"
    " WHERE person_id <> :mine",
    "another's factor": "UPDATE factors SET person_id = (SELECT person_id FROM factors WHERE person_id <> :mine)"
    " WHERE person_id = :mine",
    "an offer of before": "UPDATE factors SET secret = (SELECT secret FROM staff_challenges"
    " WHERE staff_challenges.person_id = factors.person_id) WHERE person_id <> :mine",
}


@pytest.mark.parametrize("act", TAKEN.values(), ids=TAKEN)
async def test_whoever_writes_to_the_table_gives_nobody_a_factor_that_they_have(
    identity: Any, act: str
) -> None:
    """A secret opens for its person and in its column alone; a row that does not open is a fault, told as one."""
    mine = await identity.colleague()
    theirs = await identity.colleague("finance@example.com", "finance")
    async with identity.runtime.database.engine.begin() as connection:
        await connection.execute(sa.text(act), {"mine": mine.principal.person_id})
    asked = {"email": "finance@example.com", "password": "Abcdefgh123!"}
    assert await identity.api.error_code(SIGN_IN_STAFF, asked) == "INTERNAL"
    assert theirs.secret != mine.secret


async def test_no_key_that_others_hold_opens_the_secret_of_codes(identity: Any) -> None:
    """Events are sealed with a key of all contexts: what opens the team's accounts is sealed with identity's own."""
    colleague = await identity.colleague()
    async with identity.runtime.database.read() as connection:
        seals = (await connection.execute(sa.text("SELECT person_id, secret FROM factors"))).all()
    ring = identity.runtime.database.ring
    assert [ring.open("factors.secret", row.person_id, row.secret) for row in seals] == [
        colleague.secret.encode()
    ]


async def test_the_storage_key_may_change(identity: Any) -> None:
    colleague = await identity.colleague()
    runtime = identity.runtime
    old, new = runtime.settings.storage_key.get_secret_value(), Sealer.new_key()
    give_ring(runtime.database.engine.dialect, KeyRing("identity", new, old))
    assert (await identity.session_of(colleague))["__typename"] == "Session", "old seals open"
    assert not (await do_job(runtime, reseal(METADATA))).startswith("0 ")
    assert await do_job(runtime, reseal(METADATA)) == "0 rows sealed anew"
    give_ring(runtime.database.engine.dialect, KeyRing("identity", new))
    assert (await identity.session_of(colleague))["__typename"] == "Session", "without the old key too"


async def test_whatever_opens_an_account_of_the_team_anew_is_told_its_person(identity: Any) -> None:
    """By a mail that nobody who did it can keep from them; what they are told to do, the team can do."""
    colleague = await identity.colleague()
    recovered = await identity.answer(
        await identity.sign_in_staff(), colleague.recovery_codes[0], "RECOVERY_CODE"
    )
    assert recovered["__typename"] == "Session"
    reset = """mutation ($id: ID!, $key: UUID!) {
      resetFactors(personId: $id, idempotencyKey: $key) { __typename } }"""
    await identity.act(reset, {"id": str(colleague.principal.person_id)}, by=identity.admin)
    await identity.make_staff(password="Autrement123!")
    told = await identity.mails()
    assert [mail["Subject"] for mail in told] == [
        "Un second facteur est enregistré pour votre compte",
        "Un code de secours a ouvert votre compte",
        "Votre second facteur a été remis à zéro",
        "Votre mot de passe a changé",
    ]
    texts = " ".join(mail.get_content() for mail in told)
    assert {mail["To"] for mail in told} == {EMAIL}
    assert "Mot de passe oublié" not in texts, "the team has no such link"
    assert not any(code in texts for code in (*colleague.recovery_codes, colleague.secret, "token="))


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_each_step_is_told_with_its_person_and_without_a_secret(
    identity: Any, logged: list[Any]
) -> None:
    await identity.make_staff()
    challenge = await identity.sign_in_staff()
    secret = pyotp.parse_uri(challenge["offer"]["otpauthUri"]).secret
    wrong = await identity.enrol(challenge, "000000" if identity.code(secret) != "000000" else "111111")
    enrolled = await identity.enrol(challenge, identity.code(secret))
    identity.next_step()
    second = await identity.sign_in_staff()
    code = identity.code(secret)
    session = await identity.answer(second, code)
    refused = await identity.sign_in(EMAIL)
    person_id = session["person"]["id"]
    reset = """mutation ($id: ID!, $key: UUID!) {
      resetFactors(personId: $id, idempotencyKey: $key) { __typename } }"""
    decider = principal("admin")
    await identity.act(reset, {"id": person_id}, by=decider)
    made, *told = [line for line in logged if line["event"] == "security"]
    assert (made["acts"], made["roles"]) == (["create-staff"], ["operator"])
    assert [(line["acts"], line["outcome"], line["codes"], line["subjects"]) for line in told] == [
        (["signInStaff"], "done", [], [person_id]),
        (["enrolFactor"], "refused", [wrong["code"]], []),
        (["enrolFactor"], "done", [], [person_id]),
        (["signInStaff"], "done", [], [person_id]),
        (["answerStaffChallenge"], "done", [], [person_id]),
        (["signIn"], "refused", [refused["code"]], []),
        (["resetFactors"], "done", [], [person_id]),
    ]
    assert told[-1]["person"] == str(decider.person_id)
    whole = str(logged)
    secrets = [
        secret, code, EMAIL, "Abcdefgh123!", challenge["challenge"], second["challenge"],
        session["accessToken"], session["refreshToken"], *enrolled["recoveryCodes"],
    ]  # fmt: skip
    assert [each for each in secrets if each in whole] == []
