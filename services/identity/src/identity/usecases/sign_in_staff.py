"""The first step of the team's sign-in: a right password opens nothing but a challenge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.refusals import Refusal
from identity.domain.factors import CHALLENGE_LIFETIME, Factor
from identity.domain.refusals import EnrolmentOver, InvalidCredentials
from identity.one_time_codes import new_totp_secret, otpauth_uri
from identity.passkeys import new_nonce
from identity.persistence import factors
from identity.persistence.records import FactorRecord, PersonRecord, StaffChallengeRecord
from identity.persistence.secrets import new_secret, secret_digest
from identity.runtime import IdentityRuntime
from identity.usecases.prove_password import prove_password, still_proved

SignInStaffRefusal = InvalidCredentials | EnrolmentOver


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody without a factor may register: one of the two."""

    otpauth_uri: str
    creation_options: str


@dataclass(frozen=True, slots=True)
class OpenedChallenge:
    person: PersonRecord
    secret: str
    expires_at: datetime
    factors: tuple[Factor, ...]
    """What it may be answered with; nothing while there is an offer."""
    request_options: str | None
    """For the person's keys, where they have some."""
    offer: Offer | None


async def sign_in_staff(
    runtime: IdentityRuntime, email: str, password: str, client_address: str
) -> OpenedChallenge | SignInStaffRefusal:
    """A challenge, good once, for five minutes and five tries. Raises TooManyAttempts, whatever the password was."""
    proved = await prove_password(runtime, email, password, client_address, door_of_the_team=True)
    if isinstance(proved, Refusal):
        # The team has no sign-up form that waits for its link: here every no is one.
        return InvalidCredentials()
    return await runtime.database.run(lambda connection: _challenge(connection, runtime, proved))


async def _challenge(
    connection: AsyncConnection, runtime: IdentityRuntime, proved: PersonRecord
) -> OpenedChallenge | SignInStaffRefusal:
    person = await still_proved(connection, proved)
    if isinstance(person, Refusal):
        return person
    wall_now = runtime.clock.now()
    secret, nonce = new_secret(), new_nonce()
    record = StaffChallengeRecord(
        id=new_id(),
        digest=secret_digest(secret),
        person_id=person.id,
        nonce=nonce,
        secret=None,
        expires_at=wall_now + CHALLENGE_LIFETIME,
    )
    held = await factors.of_person(connection, person.id)
    offer = None
    if not held:
        if not await factors.may_enrol(connection, person.id, wall_now):
            return EnrolmentOver()
        totp_secret = new_totp_secret()
        record = replace(record, secret=totp_secret)
        offer = Offer(
            otpauth_uri(totp_secret, person.email),
            runtime.passkeys.creation_options(nonce, person.id, person.email),
        )
    await factors.add_challenge(connection, record, wall_now)
    keys = [each.credential_id for each in held if each.credential_id is not None]
    return OpenedChallenge(
        person=person,
        secret=secret,
        expires_at=record.expires_at,
        factors=_answers(held),
        request_options=runtime.passkeys.request_options(nonce, keys) if keys else None,
        offer=offer,
    )


def _answers(held: Sequence[FactorRecord]) -> tuple[Factor, ...]:
    kinds = {each.kind for each in held}
    return tuple(each for each in Factor if each in kinds or (held and each is Factor.RECOVERY_CODE))
