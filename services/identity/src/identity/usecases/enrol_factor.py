"""Register a first factor, with the challenge of a first sign-in: it opens the session, and shows recovery codes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.ids import new_id
from chassis.refusals import Refusal
from identity.domain.factors import RECOVERY_CODES, Factor, methods_with, prepared_code
from identity.domain.refusals import ChallengeOver, WrongFactor
from identity.one_time_codes import matching_step
from identity.persistence import factors
from identity.persistence.records import FactorRecord, StaffChallengeRecord
from identity.persistence.secrets import new_recovery_code, secret_digest
from identity.runtime import IdentityRuntime
from identity.usecases.open_session import OpenedSession, open_session
from identity.usecases.prove_password import know_place
from identity.usecases.try_challenge import forgive_try, take_challenge, try_challenge

EnrolFactorRefusal = ChallengeOver | WrongFactor


@dataclass(frozen=True, slots=True)
class EnrolledFactor:
    session: OpenedSession
    recovery_codes: tuple[str, ...]


async def enrol_factor(
    runtime: IdentityRuntime, secret: str, factor: Factor, answer: str, client_address: str
) -> EnrolledFactor | EnrolFactorRefusal:
    """The session and the codes, or why not. Of two registrations at once one is kept. Raises TooManyAttempts."""
    challenge = await try_challenge(runtime, secret, factor)
    if isinstance(challenge, Refusal):
        return challenge
    codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))

    async def work(connection: AsyncConnection) -> EnrolledFactor | EnrolFactorRefusal:
        wall_now = runtime.clock.now()
        person = await take_challenge(connection, challenge, wall_now)
        if isinstance(person, Refusal):
            return person
        record = _proved(runtime, challenge, factor, answer, wall_now)
        if record is None:
            return WrongFactor()
        if not await factors.use_enrolment(connection, person.id, wall_now):
            return ChallengeOver()
        if not await factors.add(connection, record):
            return WrongFactor()
        digests = (secret_digest(prepared_code(code)) for code in codes)
        await factors.add_recovery_codes(connection, person.id, digests)
        await mail.enqueue(connection, "factor_registered", {"person_id": str(person.id)})
        await know_place(connection, runtime, person.id, client_address)
        session = await open_session(
            connection, person, runtime.access_tokens, wall_now, methods_with(factor)
        )
        return EnrolledFactor(session, codes)

    enrolled = await runtime.database.run(work)
    if isinstance(enrolled, EnrolledFactor) and factor is Factor.TOTP:
        await forgive_try(runtime, challenge)
    return enrolled


def _proved(
    runtime: IdentityRuntime,
    challenge: StaffChallengeRecord,
    factor: Factor,
    answer: str,
    wall_now: datetime,
) -> FactorRecord | None:
    """The factor to keep: what it answers shows that it is there. The code that shows it has served."""
    if challenge.secret is None:
        return None
    if factor is Factor.TOTP:
        step = matching_step(challenge.secret, answer, wall_now)
        if step is None:
            return None
        return FactorRecord(
            id=new_id(),
            person_id=challenge.person_id,
            kind=factor,
            secret=challenge.secret,
            last_step=step,
            enrolled_at=wall_now,
        )
    if factor is Factor.PASSKEY:
        key = runtime.passkeys.registered(answer, challenge.nonce)
        if key is None:
            return None
        return FactorRecord(
            id=new_id(),
            person_id=challenge.person_id,
            kind=factor,
            credential_id=key.credential_id,
            public_key=key.public_key,
            sign_count=key.sign_count,
            enrolled_at=wall_now,
        )
    return None
