"""Write a mail that is owed, from the tables of this moment."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import jinja2
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.departments import timezone_of
from chassis.mail import Compose
from identity.domain.account_tokens import FORMS_RESENT, TokenPurpose
from identity.domain.email_changes import EmailChangeStatus, status_at
from identity.domain.leaving import comes_back_until
from identity.domain.roles import may_reset_password
from identity.persistence import email_changes, grants, people, sign_up_forms, structures
from identity.persistence.records import EmailChangeRecord, PersonRecord
from identity.runtime import IdentityRuntime
from identity.usecases.mail_token import MailedToken, mail_token

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("identity.mails"),
    autoescape=False,  # noqa: S701 - plain text
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
CONFIRMATION_PATH = "/confirmation"
NEW_PASSWORD_PATH = "/nouveau-mot-de-passe"  # noqa: S105 - an address
EMAIL_CHANGE_PATH = "/changement-adresse"
EMAIL_CHANGE_CANCELLING_PATH = "/changement-adresse/annulation"
NEW_EMAIL_PATH = "/nouvelle-adresse"
REPORT_PATH = "/ce-n-etait-pas-moi"
"""Where the links of these mails lead, below the public address."""


def euros(cents: int) -> str:
    """150 €, or 12,50 €."""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d} €" if rest else f"{whole} €"


def composer(runtime: IdentityRuntime) -> Compose:
    """`compose` for the sender of mails."""

    async def compose(
        connection: AsyncConnection, kind: str, payload: Mapping[str, Any]
    ) -> EmailMessage | None:
        person = await people.find(connection, UUID(payload["person_id"]))
        if person is None or not (person.is_active or kind in _TO_WHO_SLEEPS):
            return None
        facts = await _FACTS[kind](runtime, connection, person, payload)
        if facts is None:
            return None
        return _message(kind, person, facts)

    return compose


Facts = dict[str, Any]
ReadFacts = Callable[
    [IdentityRuntime, AsyncConnection, PersonRecord, Mapping[str, Any]], Awaitable[Facts | None]
]


async def _confirmation(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    """No longer owed once the address is confirmed. Nothing that somebody typed is in it: they may be a stranger."""
    if person.email_confirmed_at is not None:
        return None
    form = await sign_up_forms.find(connection, UUID(payload["form_id"]))
    if form is None:
        return None
    wall_now = runtime.clock.now()
    token = await mail_token(connection, person.id, TokenPurpose.CONFIRM_EMAIL, wall_now, form)
    return _link(runtime, CONFIRMATION_PATH, token)


async def _confirmation_again(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, _: Mapping[str, Any]
) -> Facts | None:
    """A link of each of the last forms: whoever typed one may be a stranger, and nobody has said which is theirs."""
    forms = await sign_up_forms.last_of_person(connection, person.id, FORMS_RESENT)
    if person.email_confirmed_at is not None or not forms:
        return None
    wall_now = runtime.clock.now()
    made = [
        await mail_token(connection, person.id, TokenPurpose.CONFIRM_EMAIL, wall_now, form) for form in forms
    ]
    return {"links": [_link(runtime, CONFIRMATION_PATH, token) for token in made]}


async def _new_password(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, _: Mapping[str, Any]
) -> Facts | None:
    """Asked for with an address alone: whether it opens an account by a mailbox is judged here."""
    if person.email_confirmed_at is None or not may_reset_password(person.roles):
        return None
    token = await mail_token(connection, person.id, TokenPurpose.RESET_PASSWORD, runtime.clock.now())
    return _link(runtime, NEW_PASSWORD_PATH, token)


async def _open_change(
    connection: AsyncConnection, payload: Mapping[str, Any], status: EmailChangeStatus, wall_now: datetime
) -> EmailChangeRecord | None:
    """Locked: whoever asks for another one meanwhile waits, and voids the links that are made here."""
    change = await email_changes.lock(connection, UUID(payload["change_id"]))
    if change is None or status_at(change.status, change.expires_at, wall_now) is not status:
        return None
    return change


async def _email_change_asked(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    wall_now = runtime.clock.now()
    change = await _open_change(connection, payload, EmailChangeStatus.ASKED, wall_now)
    if change is None:
        return None
    confirm = await mail_token(connection, person.id, TokenPurpose.CHANGE_EMAIL, wall_now)
    cancel = await mail_token(connection, person.id, TokenPurpose.CANCEL_EMAIL_CHANGE, wall_now)
    return {
        "new_email": change.new_email,
        "cancel_link": _link(runtime, EMAIL_CHANGE_CANCELLING_PATH, cancel)["link"],
        **_link(runtime, EMAIL_CHANGE_PATH, confirm),
    }


async def _email_change_confirmed(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    """To the new address, which is nobody's yet: nothing of the account is in it."""
    wall_now = runtime.clock.now()
    change = await _open_change(connection, payload, EmailChangeStatus.CONFIRMED, wall_now)
    if change is None:
        return None
    token = await mail_token(connection, person.id, TokenPurpose.PROVE_EMAIL, wall_now)
    return {"to": change.new_email, **_link(runtime, NEW_EMAIL_PATH, token)}


async def _email_changed(
    _: IdentityRuntime, connection: AsyncConnection, __: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    change = await email_changes.lock(connection, UUID(payload["change_id"]))
    return {"to": change.old_email, "new_email": change.new_email} if change else None


def _link(runtime: IdentityRuntime, path: str, token: MailedToken) -> Facts:
    link = f"{runtime.settings.public_url}{path}?{urlencode({'token': token.secret})}"
    return {"link": link, "lifetime": in_french(token.lifetime)}


def in_french(duration: timedelta) -> str:
    """30 minutes, 24 heures or 90 jours."""
    hours, seconds = divmod(int(duration.total_seconds()), 3600)
    if seconds:
        return f"{int(duration.total_seconds()) // 60} minutes"
    return f"{hours} heures" if hours <= 48 else f"{hours // 24} jours"


async def _nothing_more(
    _: IdentityRuntime, __: AsyncConnection, ___: PersonRecord, ____: Mapping[str, Any]
) -> Facts:
    return {}


async def _password_changed(
    _: IdentityRuntime, __: AsyncConnection, person: PersonRecord, ___: Mapping[str, Any]
) -> Facts:
    """What to do if it was somebody else: the team chooses no password by mail."""
    return {"is_team": not may_reset_password(person.roles)}


async def _structure(
    _: IdentityRuntime, connection: AsyncConnection, __: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    structure = await structures.find(connection, UUID(payload["structure_id"]))
    return {"structure": structure} if structure else None


async def _credit(
    _: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, payload: Mapping[str, Any]
) -> Facts | None:
    grant = await grants.find(connection, UUID(payload["grant_id"]))
    if grant is None:
        return None
    end = grant.expires_at
    zone = ZoneInfo(timezone_of(person.department_code))
    return {
        "added": euros(payload["added_cents"]),
        "total": euros(grant.amount_cents),
        "topped_up": payload["added_cents"] != grant.amount_cents,
        "free_offers_only": grant.amount_cents == 0,
        "digital_cap": euros(grant.digital_cap_cents) if grant.digital_cap_cents is not None else None,
        "expires_on": end.astimezone(zone).strftime("%d/%m/%Y") if end else None,
    }


async def _was_this_you(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, payload: Mapping[str, Any]
) -> Facts:
    token = await mail_token(connection, person.id, TokenPurpose.REPORT_SIGN_IN, runtime.clock.now())
    at = datetime.fromisoformat(payload["at"]).astimezone(ZoneInfo(timezone_of(person.department_code)))
    return {
        "day": at.strftime("%d/%m/%Y"),
        "hour": at.strftime("%H:%M"),
        **_link(runtime, REPORT_PATH, token),
    }


async def _deactivated(
    runtime: IdentityRuntime, connection: AsyncConnection, person: PersonRecord, _: Mapping[str, Any]
) -> Facts | None:
    """Not owed to who has come back, or is anonymous."""
    left_at = await people.suspended_at(connection, person.id)
    until = comes_back_until(person.suspension_reason, left_at, runtime.clock.now())
    if until is None:
        return None
    zone = ZoneInfo(timezone_of(person.department_code))
    return {"until": until.astimezone(zone).strftime("%d/%m/%Y")}


_TO_WHO_SLEEPS = frozenset({"account_deactivated", "sign_in_reported"})
"""Mails that are owed to an account because it sleeps."""

_FACTS: Mapping[str, ReadFacts] = {
    "confirm_email": _confirmation,
    "confirm_email_again": _confirmation_again,
    "account_exists": _nothing_more,
    "new_password": _new_password,
    "password_changed": _password_changed,
    "factors_reset": _nothing_more,
    "factor_registered": _nothing_more,
    "recovery_code_used": _nothing_more,
    "email_change_asked": _email_change_asked,
    "email_change_confirmed": _email_change_confirmed,
    "email_is_taken": _nothing_more,
    "account_deactivated": _deactivated,
    "was_this_you": _was_this_you,
    "sign_in_reported": _nothing_more,
    "email_changed": _email_changed,
    "structure_validated": _structure,
    "structure_rejected": _structure,
    "attachment_validated": _structure,
    "attachment_rejected": _structure,
    "credit_granted": _credit,
    "identity_check_rejected": _nothing_more,
}


def _message(kind: str, person: PersonRecord, facts: Facts) -> EmailMessage:
    """The template's first line is the subject, the rest the text."""
    text = _TEMPLATES.get_template(f"{kind}.txt").render(first_name=person.first_name, **facts)
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["To"] = facts.get("to", person.email)
    message["Subject"] = " ".join(subject.split())
    message.set_content(body.strip() + "\n")
    return message
