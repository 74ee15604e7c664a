"""Mails to the beneficiary and to the place, in French, addressed when they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import jinja2
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.access_url import complete
from booking.domain.automatic import claim_of
from booking.domain.subcategories import subcategory_of
from booking.domain.visibility import token_shown_to_pro
from booking.persistence import bookings, copies
from booking.persistence.records import BookingRecord, VenueCopy
from chassis.french import euros, moment
from chassis.mail import Compose

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("booking", "mails/templates"),
    autoescape=False,  # noqa: S701 - plain text: escaping would show entities to people
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["euros"] = euros


@dataclass(frozen=True, slots=True)
class _Kind:
    subject: str
    to_pro: bool


KINDS: Mapping[str, _Kind] = {
    "booked": _Kind("Votre réservation : {offer}", to_pro=False),
    "booked_pro": _Kind("Nouvelle réservation : {offer}", to_pro=True),
    "cancelled": _Kind("Réservation annulée : {offer}", to_pro=False),
    "cancelled_pro": _Kind("Réservation annulée : {offer}", to_pro=True),
    "rescheduled": _Kind("Changement de date : {offer}", to_pro=False),
    "expires_soon": _Kind("Votre réservation va expirer : {offer}", to_pro=False),
}


def composer(public_url: str) -> Compose:
    """Writes each kind of mail from the tables, as they are when it is sent."""

    async def compose(
        connection: AsyncConnection, kind: str, payload: Mapping[str, Any]
    ) -> EmailMessage | None:
        record = await bookings.by_id(connection, UUID(payload["booking_id"]))
        if record is None:
            return None
        venue = await copies.venue(connection, record.venue_id)
        about = KINDS[kind]
        recipient = (venue.booking_email if venue else None) if about.to_pro else record.email
        if not recipient:
            return None
        message = EmailMessage()
        message["To"] = recipient
        message["Subject"] = " ".join(about.subject.format(offer=record.offer_name).split())
        message.set_content(_render(kind, record, venue, public_url))
        return message

    return compose


def _render(kind: str, record: BookingRecord, venue: VenueCopy | None, public_url: str) -> str:
    claim = claim_of(subcategory_of(record.subcategory_id), record.created_at)
    waits = record.starts_at is None and claim is not None
    access_url = record.url and complete(
        record.url, token=record.token, email=record.email or "", offer_id=str(record.offer_id)
    )
    return _TEMPLATES.get_template(f"{kind}.txt").render(
        booking=record,
        venue=venue,
        public_url=public_url,
        access_url=access_url,
        token_for_pro=token_shown_to_pro(record.rules, record.token),
        starts_at=record.starts_at and moment(record.starts_at, record.timezone),
        cancellable_until=record.cancellation_limit_at
        and moment(record.cancellation_limit_at, record.timezone),
        claim_until=moment(record.created_at + timedelta(days=claim.days), record.timezone)
        if waits and claim
        else None,
    )
