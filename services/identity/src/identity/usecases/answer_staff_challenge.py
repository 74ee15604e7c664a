"""The second step of the team's sign-in: the factor opens the session.

It takes the runtime, not a connection: tries are counted in transactions of their own, which outlive the refusal.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.refusals import Refusal
from identity.domain.factors import Factor, methods_with, prepared_code
from identity.domain.refusals import ChallengeOver, WrongFactor
from identity.one_time_codes import matching_step
from identity.passkeys import Registered, credential_of
from identity.persistence import factors
from identity.persistence.records import StaffChallengeRecord
from identity.persistence.secrets import secret_digest
from identity.runtime import IdentityRuntime
from identity.usecases.open_session import OpenedSession, open_session
from identity.usecases.prove_password import know_place
from identity.usecases.try_challenge import forgive_try, take_challenge, try_challenge

AnswerStaffChallengeRefusal = ChallengeOver | WrongFactor


async def answer_staff_challenge(
    runtime: IdentityRuntime, secret: str, factor: Factor, answer: str, client_address: str
) -> OpenedSession | AnswerStaffChallengeRefusal:
    """A session, or why not. Of two right answers at once one opens it. Raises TooManyAttempts."""
    challenge = await try_challenge(runtime, secret, factor)
    if isinstance(challenge, Refusal):
        return challenge

    async def work(connection: AsyncConnection) -> OpenedSession | AnswerStaffChallengeRefusal:
        wall_now = runtime.clock.now()
        person = await take_challenge(connection, challenge, wall_now)
        if isinstance(person, Refusal):
            return person
        if not await _ANSWERS[factor](connection, runtime, challenge, answer, wall_now):
            return WrongFactor()
        await know_place(connection, runtime, person.id, client_address)
        return await open_session(connection, person, runtime.access_tokens, wall_now, methods_with(factor))

    opened = await runtime.database.run(work)
    if isinstance(opened, OpenedSession) and factor is Factor.TOTP:
        await forgive_try(runtime, challenge)
    return opened


async def _by_code(
    connection: AsyncConnection,
    _: IdentityRuntime,
    challenge: StaffChallengeRecord,
    answer: str,
    wall_now: datetime,
) -> bool:
    for held in await factors.of_person(connection, challenge.person_id):
        step = None if held.secret is None else matching_step(held.secret, answer, wall_now)
        if step is not None:
            return await factors.take_step(connection, held.id, step)
    return False


async def _by_key(
    connection: AsyncConnection,
    runtime: IdentityRuntime,
    challenge: StaffChallengeRecord,
    answer: str,
    wall_now: datetime,
) -> bool:
    named = credential_of(answer)
    for held in await factors.of_person(connection, challenge.person_id):
        if held.credential_id is None or held.public_key is None or held.sign_count is None:
            continue
        if held.credential_id == named:
            key = Registered(held.credential_id, held.public_key, held.sign_count)
            sign_count = runtime.passkeys.asserted(answer, challenge.nonce, key)
            return sign_count is not None and await factors.take_count(connection, held.id, sign_count)
    return False


async def _by_recovery_code(
    connection: AsyncConnection,
    runtime: IdentityRuntime,
    challenge: StaffChallengeRecord,
    answer: str,
    wall_now: datetime,
) -> bool:
    digest = secret_digest(prepared_code(answer))
    if not await factors.use_recovery_code(connection, challenge.person_id, digest, wall_now):
        return False
    await mail.enqueue(connection, "recovery_code_used", {"person_id": str(challenge.person_id)})
    return True


_ANSWERS = {Factor.TOTP: _by_code, Factor.PASSKEY: _by_key, Factor.RECOVERY_CODE: _by_recovery_code}
