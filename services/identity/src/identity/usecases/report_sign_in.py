"""Say by the mailed link that a sign-in was not oneself: the account sleeps until the team gives it back."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.ids import new_id
from chassis.sealed import Sealer
from identity.domain.account_tokens import TokenPurpose
from identity.domain.refusals import InvalidToken
from identity.domain.suspension import SuspensionReason
from identity.persistence import sessions
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.persistence.secrets import secret_digest
from identity.usecases.lock_link import lock_link
from identity.usecases.put_to_sleep import put_to_sleep

ReportSignInRefusal = InvalidToken


async def report_sign_in(
    connection: AsyncConnection, secret: str, wall_now: datetime, sealer: Sealer
) -> PersonRecord | ReportSignInRefusal:
    """The person, who sleeps. Nothing of what they booked is cancelled: it is theirs.

    Somebody else knows the password: it opens nothing any more, and a new one is chosen by a mailed link once the
    account is given back.
    """
    person = await lock_link(connection, secret, TokenPurpose.REPORT_SIGN_IN, wall_now)
    if isinstance(person, InvalidToken):
        return person
    await sessions.use_token(connection, secret_digest(secret), wall_now)
    suspension = SuspensionRecord(
        id=new_id(),
        person_id=person.id,
        reason=SuspensionReason.SUSPICIOUS_LOGIN_REPORTED_BY_USER,
        decided_by=person.id,
        decided_at=wall_now,
    )
    without_password = replace(person, password_hash="")
    asleep = await put_to_sleep(connection, without_password, suspension, wall_now, sealer)
    await mail.enqueue(connection, "sign_in_reported", {"person_id": str(person.id)})
    return asleep
