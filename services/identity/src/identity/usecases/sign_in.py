"""Sign in with an e-mail address and a password, without ever telling which addresses are known."""

from chassis import throttle
from identity.domain.contact import parse_email
from identity.domain.refusals import EmailNotConfirmed, InvalidCredentials, MalformedEmail
from identity.domain.sign_in import ATTEMPT_WINDOW, Account, check_sign_in
from identity.persistence import people, sessions
from identity.runtime import IdentityRuntime
from identity.usecases.open_session import OpenedSession, open_session

SignInRefusal = InvalidCredentials | EmailNotConfirmed


class TooManyAttempts(Exception):
    """More tries within a minute than one address, of mail or of network, may make."""


async def sign_in(
    runtime: IdentityRuntime, email: str, password: str, client_address: str
) -> OpenedSession | SignInRefusal:
    """A session, or why not. Failed tries are counted; unknown addresses take as long as known ones.

    Raises TooManyAttempts, whatever the password was.
    """
    address = parse_email(email)
    known_as = None if isinstance(address, MalformedEmail) else address
    buckets = (
        f"sign-in:email:{runtime.digest('throttle', known_as or email).hex()}",
        f"sign-in:client:{runtime.digest('throttle', client_address).hex()}",
    )
    await _count(runtime, buckets)

    async with runtime.database.read() as connection:
        person = await people.find_by_email(connection, known_as) if known_as else None
    matches = await runtime.credentials.matches(password, person.password_hash if person else None)
    account = Account(person.is_active, person.email_confirmed_at is not None) if person else None
    refusal = check_sign_in(account, matches)
    if refusal is not None:
        return refusal
    assert person is not None, "without an account sign-in is always refused"

    async with runtime.database.read() as connection:
        await sessions.forgive(connection, *buckets)
    return await runtime.database.run(
        lambda connection: open_session(connection, person, runtime.access_tokens, runtime.clock.now())
    )


async def _count(runtime: IdentityRuntime, buckets: tuple[str, ...]) -> None:
    """Count one try on every bucket, even when an earlier one is full already."""
    limit = runtime.settings.sign_in_attempts_per_minute
    async with runtime.database.read() as connection:
        allowed = [
            await throttle.allows(
                connection, bucket, limit=limit, window=ATTEMPT_WINDOW, now=runtime.clock.now()
            )
            for bucket in buckets
        ]
    if not all(allowed):
        raise TooManyAttempts
