"""Confirm an e-mail address: the mailed link proves the mailbox, the password proves the form.

Whoever types a stranger's address into a form has its password and not the link; whoever owns the
mailbox has the link and not that password. Only one who has both has made the account their own.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.account_tokens import AccountToken, TokenPurpose, check_token
from identity.domain.attachments import AttachmentEvent, move
from identity.domain.refusals import InvalidCredentials, InvalidToken
from identity.messages import attachment as attachment_message
from identity.messages import person as person_message
from identity.persistence import attachments, people, sessions, sign_up_forms
from identity.persistence.records import AccountTokenRecord, PersonRecord, SignUpFormRecord
from identity.persistence.secrets import secret_digest

ConfirmEmailRefusal = InvalidToken | InvalidCredentials


async def form_of_link(
    connection: AsyncConnection, secret: str, wall_now: datetime
) -> SignUpFormRecord | InvalidToken:
    """The form that a good link belongs to, whose password is to be asked for."""
    token = await sessions.find_token(connection, secret_digest(secret))
    if not _is_good(token, wall_now) or token is None or token.form_id is None:
        return InvalidToken()
    return await sign_up_forms.find(connection, token.form_id) or InvalidToken()


async def confirm_email(
    connection: AsyncConnection, secret: str, wall_now: datetime, now: datetime, sealer: Sealer
) -> PersonRecord | InvalidToken:
    """The person, confirmed, as the link's own form says, whose password was right.

    What other forms of the same address asked for is void: their links, and their attachments. The
    link's age is judged by the wall clock, the act dated by the business clock.
    """
    digest = secret_digest(secret)
    token = await sessions.lock_token(connection, digest)
    if not _is_good(token, wall_now) or token is None or token.form_id is None:
        return InvalidToken()
    person = await people.lock(connection, token.person_id)
    form = await sign_up_forms.find(connection, token.form_id)
    if person is None or form is None or person.email_confirmed_at is not None:
        return InvalidToken()
    await sessions.use_token(connection, digest, wall_now)
    await sessions.void_tokens(connection, person.id, TokenPurpose.CONFIRM_EMAIL)
    await _reject_other_attachments(connection, form)
    confirmed = replace(
        person,
        password_hash=form.password_hash,
        first_name=form.first_name,
        last_name=form.last_name,
        birth_date=form.birth_date,
        phone=form.phone,
        postal_code=form.postal_code,
        department_code=form.department_code,
        email_confirmed_at=now,
    )
    saved = await people.save(connection, confirmed)
    await outbox.emit(connection, [person_message.event(saved, sealer, "email_confirmed")])
    return saved


def _is_good(token: AccountTokenRecord | None, wall_now: datetime) -> bool:
    known = AccountToken(token.purpose, token.expires_at, token.used_at) if token else None
    return check_token(known, TokenPurpose.CONFIRM_EMAIL, wall_now) is None


async def _reject_other_attachments(connection: AsyncConnection, form: SignUpFormRecord) -> None:
    of_person = await attachments.of_people(connection, [form.person_id])
    for attachment in of_person.get(form.person_id, ()):
        if attachment.structure_id == form.structure_id:
            continue
        status = move(attachment.status, AttachmentEvent.REJECT)
        if not isinstance(status, Refusal):
            rejected = await attachments.save(connection, replace(attachment, status=status))
            await outbox.emit(connection, [attachment_message.event(rejected, status)])
