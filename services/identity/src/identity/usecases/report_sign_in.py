"""Say by the mailed link that a sign-in was not oneself: the account sleeps until the team gives it back."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.refusals import InvalidToken
from identity.domain.suspension import SuspensionReason
from identity.persistence import people, sessions
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.persistence.secrets import secret_digest
from identity.usecases.put_to_sleep import put_to_sleep

ReportSignInRefusal = InvalidToken


async def report_sign_in(
    connection: AsyncConnection, secret: str, wall_now: datetime, sealer: Sealer
) -> PersonRecord | ReportSignInRefusal:
    """The person, who sleeps. Nothing of what they booked is cancelled: it is theirs.

    Somebody else knows the password: it opens nothing any more, and a new one is chosen by a mailed link once the
    account is given back.
    """
    digest = secret_digest(secret)
    found = await sessions.find_token(connection, digest)
    person = await people.lock(connection, found.person_id) if found else None
    token = await sessions.lock_token(connection, digest)
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    refused = check_token(known, TokenPurpose.REPORT_SIGN_IN, wall_now)
    if refused is not None or person is None or not person.is_active:
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    reason = SuspensionReason.SUSPICIOUS_LOGIN_REPORTED_BY_USER
    suspension = SuspensionRecord(
        id=new_id(), person_id=person.id, reason=reason, decided_by=person.id, decided_at=wall_now
    )
    asleep = await put_to_sleep(
        connection, replace(person, password_hash=""), reason, suspension, wall_now, sealer
    )
    await mail.enqueue(connection, "sign_in_reported", {"person_id": str(person.id)})
    return asleep
