"""Count an answer to a challenge, before anything of it is looked at, and take the challenge for it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import throttle
from identity.domain.factors import CODE_DAY, CODE_WINDOW, CODES_PER_DAY, Factor
from identity.domain.refusals import ChallengeOver
from identity.domain.roles import STAFF
from identity.persistence import factors, people, sessions
from identity.persistence.records import PersonRecord, StaffChallengeRecord
from identity.persistence.secrets import secret_digest
from identity.runtime import IdentityRuntime
from identity.usecases.prove_password import TooManyAttempts


async def try_challenge(
    runtime: IdentityRuntime, secret: str, factor: Factor
) -> StaffChallengeRecord | ChallengeOver:
    """The challenge that may be answered. Raises TooManyAttempts.

    Whoever has the password may open one challenge after the other: wrong codes count for the person too.
    Keys and recovery codes cannot be guessed, so nobody is kept from using theirs.
    """
    async with runtime.database.read() as connection:
        challenge = await factors.try_challenge(connection, secret_digest(secret), runtime.clock.now())
        if challenge is None:
            return ChallengeOver()
        if factor is Factor.TOTP:
            await _count(connection, runtime, challenge)
    return challenge


async def _count(
    connection: AsyncConnection, runtime: IdentityRuntime, challenge: StaffChallengeRecord
) -> None:
    an_hour, a_day = _buckets(challenge)
    bounds = (
        (an_hour, CODE_WINDOW, runtime.settings.codes_per_person_per_hour),
        (a_day, CODE_DAY, CODES_PER_DAY),
    )
    for bucket, window, limit in bounds:
        if not await throttle.allows(connection, bucket, limit=limit, window=window, now=runtime.clock.now()):
            raise TooManyAttempts


async def take_challenge(
    connection: AsyncConnection, challenge: StaffChallengeRecord, wall_now: datetime
) -> PersonRecord | ChallengeOver:
    """Whose it is, locked, for the one answer that it may have: of two at once, one has it."""
    person = await people.lock(connection, challenge.person_id)
    if person is None or not person.is_active or not person.roles & STAFF:
        return ChallengeOver()
    if not await factors.answer_challenge(connection, challenge.digest, wall_now):
        return ChallengeOver()
    return person


async def forgive_try(runtime: IdentityRuntime, challenge: StaffChallengeRecord) -> None:
    """A right code does not count."""
    async with runtime.database.read() as connection:
        await sessions.forgive(connection, *_buckets(challenge))


def _buckets(challenge: StaffChallengeRecord) -> tuple[str, str]:
    """Of an hour, and of a day."""
    whose = challenge.person_id.hex
    return f"sign-in:code:{whose}", f"sign-in:code-day:{whose}"
