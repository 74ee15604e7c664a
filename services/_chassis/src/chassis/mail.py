"""Mails are rows first: written with the change that owes them, sent afterwards, tried again.

A mail is addressed when it is sent, by the service's `compose`, from the service's own tables:
the queue holds ids, never an address. A mail that can never leave is parked: tried no more, counted
in `mails_total{outcome="parked"}`, logged as an error, shown by `parked-mails` until it is mended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from datetime import timedelta
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any, Final

import aiosmtplib
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.db import Database, out_of_reach
from chassis.mail_addresses import can_leave
from chassis.settings import ServiceSettings
from chassis.telemetry import MAILS, log

Compose = Callable[[AsyncConnection, str, Mapping[str, Any]], Awaitable[EmailMessage | None]]
"""`compose(connection, kind, payload)`: the message to send, with To and Subject; None when the
mail is no longer owed. From is added by the sender. What it writes is committed before the message leaves, and
stays when no relay takes it: the next try composes anew."""

_BATCH = 50
_IDLE_SECONDS = 0.25
_FIRST_BACKOFF_SECONDS = 2.0
_MAX_BACKOFF_SECONDS = 3600.0
_MAX_BACKOFF_WITHOUT_RELAY_SECONDS = 60.0

_GIVE_UP_AFTER = timedelta(days=5)
"""How long a mail is tried that a relay or its own template refuses (RFC 5321 §4.5.4.1)."""

_ASCII = SMTP.clone(cte_type="7bit")

_mails = tables.outgoing_mails
_INSERT = sa.insert(_mails)
_IS_DUE = sa.and_(
    _mails.c.sent_at.is_(None), _mails.c.parked_at.is_(None), _mails.c.next_attempt_at <= sa.func.now()
)
_DUE = sa.select(_mails.c.id).where(_IS_DUE).order_by(_mails.c.next_attempt_at).limit(_BATCH)
_CLAIM = (
    sa.select(_mails.c.kind, _mails.c.payload)
    .where(_mails.c.id == sa.bindparam("mail"), _IS_DUE)
    .with_for_update(skip_locked=True)
)
_SENT = (
    sa.update(_mails).where(_mails.c.id == sa.bindparam("mail")).values(sent_at=sa.func.now(), failure=None)
)
_POSTPONED = (
    sa.update(_mails)
    .where(_mails.c.id == sa.bindparam("mail"), _mails.c.sent_at.is_(None))
    .values(
        attempts=_mails.c.attempts + 1,
        next_attempt_at=sa.func.now()
        + sa.cast(
            sa.func.least(
                _FIRST_BACKOFF_SECONDS * sa.func.power(2, sa.func.least(_mails.c.attempts, 20)),
                sa.bindparam("ceiling_seconds", type_=sa.Double),
            )
            * sa.literal_column("interval '1 second'"),
            sa.Interval,
        ),
        parked_at=sa.case(
            (_mails.c.created_at < sa.func.now() - sa.bindparam("patience", type_=sa.Interval), sa.func.now())
        ),
        failure=sa.bindparam("why"),
    )
    .returning(_mails.c.parked_at)
)
_PARKED = _mails.c.parked_at.is_not(None)
PARKED: Final = (
    sa.select(_mails.c.id, _mails.c.kind, _mails.c.parked_at, _mails.c.failure)
    .where(_PARKED)
    .order_by(_mails.c.id)
)
"""The mails that are tried no more, and why."""
_RESUMED = (
    sa.update(_mails)
    .where(_PARKED)
    .values(parked_at=None, attempts=0, created_at=sa.func.now(), next_attempt_at=sa.func.now())
)


class UnmailableAddress(Exception):
    """The address cannot be put on an envelope by any relay; it should never have been kept."""


async def enqueue(connection: AsyncConnection, kind: str, payload: Mapping[str, Any]) -> None:
    """Owe a mail: `kind` names the template, `payload` holds the ids that `compose` will need."""
    await connection.execute(_INSERT, {"kind": kind, "payload": dict(payload)})


def wire(message: EmailMessage) -> bytes:
    """The message as it is sent, in ASCII.

    The subject is encoded here, as a whole: the email package of Python 3.11 loses the space between
    two accented words where it folds the line.
    """
    subject = Header(str(message["Subject"]), "utf-8", header_name="Subject").encode(linesep="\r\n")
    bare = copy(message)
    del bare["Subject"]
    return b"Subject: " + subject.encode() + b"\r\n" + bare.as_bytes(policy=_ASCII)


async def resume_parked(database: Database) -> int:
    """Try what was parked as if it were new, after mending what kept it; how many."""
    return (await database.run(lambda connection: connection.execute(_RESUMED))).rowcount


class Mailer:
    def __init__(self, database: Database, settings: ServiceSettings, compose: Compose) -> None:
        self._database = database
        self._from = settings.mail_from
        self._compose = compose
        host, _, port = settings.smtp.rpartition(":")
        self._host, self._port = host or "127.0.0.1", int(port)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop` is set; a lost database is waited for."""
        while not stop.is_set():
            try:
                tried = await self.send_due()
            except Exception as error:
                if not out_of_reach(error):
                    raise
                log.warning("mailer.interrupted", error=type(error).__name__)
                tried = 0
            if tried < _BATCH:
                try:
                    await asyncio.wait_for(stop.wait(), _IDLE_SECONDS)
                except TimeoutError:
                    continue

    async def send_due(self) -> int:
        """Try one batch of what is due, each mail in a transaction of its own; how many were due.

        A crash between sending and commit sends a mail twice, never zero times.
        """
        async with self._database.read() as connection:
            due = (await connection.scalars(_DUE)).all()
        if not due:
            return 0
        relay = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=10, start_tls=None)
        try:
            await relay.connect()
        except aiosmtplib.SMTPException as error:
            log.warning("mailer.no_relay", error=type(error).__name__)
            for mail in due:
                await self._postpone(mail, error, _MAX_BACKOFF_WITHOUT_RELAY_SECONDS, _FOR_EVER)
            return len(due)
        try:
            async with relay:
                for mail in due:
                    await self._try(relay, mail)
        except aiosmtplib.SMTPServerDisconnected:
            log.warning("mailer.relay_hung_up")
        return len(due)

    async def _try(self, relay: aiosmtplib.SMTP, mail: int) -> None:
        try:
            await self._database.run(lambda connection: self._send(connection, relay, mail))
        except Exception as error:
            if out_of_reach(error) and not isinstance(error, aiosmtplib.SMTPException):
                raise
            log.warning("mailer.failed", mail=mail, error=type(error).__name__)
            await self._postpone(mail, error, _MAX_BACKOFF_SECONDS, _patience(error))
            if isinstance(error, aiosmtplib.SMTPServerDisconnected):
                raise

    async def _send(self, connection: AsyncConnection, relay: aiosmtplib.SMTP, mail: int) -> None:
        claimed = (await connection.execute(_CLAIM, {"mail": mail})).one_or_none()
        if claimed is None:
            return  # another sender was faster
        # In a transaction of its own: whoever gets the mail may follow its link before this one ends.
        message = await self._database.run(lambda own: self._compose(own, claimed.kind, claimed.payload))
        if message is not None:
            message["From"] = self._from
            to = parseaddr(message["To"])[1]
            if not can_leave(to):
                raise UnmailableAddress
            await relay.sendmail(parseaddr(self._from)[1], [to], wire(message))
            MAILS.labels("sent").inc()
        await connection.execute(_SENT, {"mail": mail})

    async def _postpone(
        self, mail: int, error: Exception, ceiling_seconds: float, patience: timedelta
    ) -> None:
        """Try again later, unless the mail is older than `patience`: then it is parked."""
        name = type(error).__name__
        values = {"mail": mail, "ceiling_seconds": ceiling_seconds, "patience": patience, "why": name}
        parked = await self._database.run(lambda connection: connection.scalar(_POSTPONED, values))
        if parked is None:
            MAILS.labels("postponed").inc()
        else:
            MAILS.labels("parked").inc()
            log.error("mailer.parked", mail=mail, error=name)


_FOR_EVER = timedelta(days=36_500)


def _patience(error: Exception) -> timedelta:
    """None for an address that no relay can take; for ever while it is the relay that is away."""
    if isinstance(error, UnmailableAddress):
        return timedelta(days=-1)
    return _FOR_EVER if isinstance(error, ConnectionError | TimeoutError) else _GIVE_UP_AFTER
