"""Mails are rows first: written with the change that owes them, sent afterwards, tried again.

A mail is addressed when it is sent, by the service's `compose`, from the service's own tables:
the queue holds ids, never an address.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import tables
from chassis.db import Database
from chassis.settings import ServiceSettings
from chassis.telemetry import MAILS, log

Compose = Callable[[AsyncConnection, str, Mapping[str, Any]], Awaitable[EmailMessage | None]]
"""`compose(connection, kind, payload)`: the message to send, with To and Subject; None when the
mail is no longer owed. From is added by the sender."""

_BATCH = 50
_IDLE_SECONDS = 0.25
_MAX_BACKOFF = timedelta(hours=1)

_mails = tables.outgoing_mails
_INSERT = sa.insert(_mails)
_DUE = (
    sa.select(_mails.c.id, _mails.c.kind, _mails.c.payload, _mails.c.attempts)
    .where(_mails.c.sent_at.is_(None), _mails.c.next_attempt_at <= sa.func.now())
    .order_by(_mails.c.next_attempt_at)
    .limit(_BATCH)
    .with_for_update(skip_locked=True)
)
_SENT = (
    sa.update(_mails).where(_mails.c.id == sa.bindparam("mail")).values(sent_at=sa.func.now(), failure=None)
)
_FAILED = (
    sa.update(_mails)
    .where(_mails.c.id == sa.bindparam("mail"))
    .values(
        attempts=_mails.c.attempts + 1,
        next_attempt_at=sa.func.now() + sa.bindparam("delay", type_=sa.Interval),
        failure=sa.bindparam("why"),
    )
)


async def enqueue(connection: AsyncConnection, kind: str, payload: Mapping[str, Any]) -> None:
    """Owe a mail: `kind` names the template, `payload` holds the ids that `compose` will need."""
    await connection.execute(_INSERT, {"kind": kind, "payload": dict(payload)})


class Mailer:
    def __init__(self, database: Database, settings: ServiceSettings, compose: Compose) -> None:
        self._database = database
        self._from = settings.mail_from
        self._compose = compose
        host, _, port = settings.smtp.rpartition(":")
        self._host, self._port = host or "127.0.0.1", int(port)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop` is set."""
        while not stop.is_set():
            try:
                sent = await self._database.run(self.send_due)
            except (DBAPIError, OSError) as error:
                log.warning("mailer.interrupted", error=type(error).__name__)
                sent = 0
            if sent < _BATCH:
                try:
                    await asyncio.wait_for(stop.wait(), _IDLE_SECONDS)
                except TimeoutError:
                    continue

    async def send_due(self, connection: AsyncConnection) -> int:
        """Send one batch in the caller's transaction; how many were tried.

        A crash between sending and commit sends a mail twice, never zero times.
        """
        due = (await connection.execute(_DUE)).all()
        if not due:
            return 0
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=10, start_tls=None)
        try:
            async with client:
                for mail in due:
                    await self._send(connection, client, mail)
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("mailer.no_relay", error=type(error).__name__)
            for mail in due:
                await self._postpone(connection, mail, error)
        return len(due)

    async def _send(self, connection: AsyncConnection, client: aiosmtplib.SMTP, mail: Any) -> None:
        try:
            async with connection.begin_nested():
                message = await self._compose(connection, mail.kind, mail.payload)
            if message is not None:
                message["From"] = self._from
                await client.send_message(message)
                MAILS.labels("sent").inc()
        except aiosmtplib.SMTPServerDisconnected:
            raise
        except Exception as error:
            log.warning("mailer.failed", kind=mail.kind, mail=mail.id, error=type(error).__name__)
            await self._postpone(connection, mail, error)
        else:
            await connection.execute(_SENT, {"mail": mail.id})

    async def _postpone(self, connection: AsyncConnection, mail: Any, error: Exception) -> None:
        MAILS.labels("postponed").inc()
        delay = min(timedelta(seconds=2) * 2 ** min(mail.attempts, 12), _MAX_BACKOFF)
        await connection.execute(_FAILED, {"mail": mail.id, "delay": delay, "why": type(error).__name__})
