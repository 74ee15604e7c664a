"""Count an answer to a challenge, before anything of it is looked at."""

from chassis import throttle
from identity.domain.factors import CODE_WINDOW, Factor
from identity.domain.refusals import ChallengeOver
from identity.persistence import factors, sessions
from identity.persistence.records import StaffChallengeRecord
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
        if factor is Factor.TOTP and not await throttle.allows(
            connection,
            _bucket(challenge),
            limit=runtime.settings.codes_per_person_per_hour,
            window=CODE_WINDOW,
            now=runtime.clock.now(),
        ):
            raise TooManyAttempts
    return challenge


async def forgive_try(runtime: IdentityRuntime, challenge: StaffChallengeRecord) -> None:
    """A right code does not count."""
    async with runtime.database.read() as connection:
        await sessions.forgive(connection, _bucket(challenge))


def _bucket(challenge: StaffChallengeRecord) -> str:
    return f"sign-in:code:{challenge.person_id.hex}"
