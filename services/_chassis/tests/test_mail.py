"""A mail that is owed is sent, once, as soon as it can be; one that cannot be delays no other."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from notebook.main import compose_mail
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail
from chassis.mail import Mailer, resume_parked, wire
from chassis.service import Runtime
from chassis.tables import outgoing_mails
from chassis.telemetry import MAILS

pytestmark = pytest.mark.servers


@dataclass
class Mailbox:
    """An SMTP server in this process that keeps what it accepts and refuses whom it is told to."""

    port: int = 0
    refused: set[str] = field(default_factory=set)
    received: list[tuple[str, str]] = field(default_factory=list)

    async def handle_RCPT(  # the server's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append((envelope.rcpt_tos[0], content.decode()))
        return "250 OK"


@asynccontextmanager
async def serving(kept: Mailbox) -> AsyncIterator[None]:
    server = await asyncio.get_running_loop().create_server(
        UnthreadedController(kept, "127.0.0.1", 0)._factory_invoker,
        "127.0.0.1",
        0,
    )
    kept.port = server.sockets[0].getsockname()[1]
    yield
    server.close()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    kept = Mailbox()
    async with serving(kept):
        yield kept


def mailer(runtime: Runtime[Any], port: int) -> Mailer:
    settings = runtime.settings.model_copy(update={"smtp": f"127.0.0.1:{port}"})
    return Mailer(runtime.database, settings, compose_mail(runtime))


async def owe(runtime: Runtime[Any], note: str, to: str = "lecteur@example.org") -> None:
    await runtime.database.run(
        lambda connection: mail.enqueue(connection, "written", {"note": note, "to": to})
    )


async def rows(runtime: Runtime[Any]) -> list[Any]:
    """What is known of each mail, and in how many seconds it is due."""
    wait = sa.extract("epoch", outgoing_mails.c.next_attempt_at - sa.func.now()).label("wait")
    async with runtime.database.read() as connection:
        return list(await connection.execute(sa.select(outgoing_mails, wait).order_by(outgoing_mails.c.id)))


async def make_due(runtime: Runtime[Any]) -> None:
    await runtime.database.run(
        lambda connection: connection.execute(sa.update(outgoing_mails).values(next_attempt_at=sa.func.now()))
    )


async def test_a_mail_is_sent_once_from_the_platforms_address(
    runtime: Runtime[Any], mailbox: Mailbox
) -> None:
    await owe(runtime, "n1")
    sender = mailer(runtime, mailbox.port)
    assert [await sender.send_due() for _ in range(3)] == [1, 0, 0]
    ((to, text),) = mailbox.received
    assert to == "lecteur@example.org"
    assert "From: pass Culture <ne-pas-repondre@pass.example>" in text
    assert "/notes/n1" in text
    (row,) = await rows(runtime)
    assert row.sent_at is not None


async def test_two_senders_never_send_the_same_mail(runtime: Runtime[Any], mailbox: Mailbox) -> None:
    for number in range(10):
        await owe(runtime, f"n{number}")
    await asyncio.gather(*(mailer(runtime, mailbox.port).send_due() for _ in range(3)))
    assert len(mailbox.received) == 10


@dataclass
class Reader(Mailbox):
    """Somebody who looks, the moment that a mail arrives, whether what it speaks of is there."""

    runtime: Runtime[Any] | None = None
    found: list[int] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert self.runtime is not None
        self.found.append(len([row for row in await rows(self.runtime) if row.kind == "noted"]))
        return await super().handle_DATA(server, session, envelope)


async def test_what_a_mail_is_written_with_is_there_before_it_arrives(runtime: Runtime[Any]) -> None:
    """A link is good when it is read, however soon that is."""
    write = compose_mail(runtime)

    async def noting(
        connection: AsyncConnection, kind: str, payload: Mapping[str, Any]
    ) -> EmailMessage | None:
        await mail.enqueue(connection, "noted", payload)
        return await write(connection, kind, payload)

    await owe(runtime, "n1")
    async with serving(reader := Reader(runtime=runtime)):
        settings = runtime.settings.model_copy(update={"smtp": f"127.0.0.1:{reader.port}"})
        await Mailer(runtime.database, settings, noting).send_due()
    assert reader.found == [1]


async def test_while_the_relay_is_away_mails_wait_longer_and_longer_but_never_over_a_minute(
    runtime: Runtime[Any], mailbox: Mailbox
) -> None:
    await owe(runtime, "n1")
    sender = mailer(runtime, 1)
    waits = []
    for _ in range(8):
        await sender.send_due()
        (row,) = await rows(runtime)
        waits.append(round(float(row.wait)))
        await make_due(runtime)
    assert waits == pytest.approx([2, 4, 8, 16, 32, 60, 60, 60], abs=1)
    assert (row.sent_at, row.failure) == (None, "SMTPConnectError")
    await mailer(runtime, mailbox.port).send_due()
    assert len(mailbox.received) == 1


async def test_a_mail_that_is_not_due_is_left_alone(runtime: Runtime[Any], mailbox: Mailbox) -> None:
    await owe(runtime, "n1")
    await mailer(runtime, 1).send_due()
    assert await mailer(runtime, mailbox.port).send_due() == 0


async def test_a_refused_recipient_delays_no_other(runtime: Runtime[Any], mailbox: Mailbox) -> None:
    mailbox.refused = {"nobody@example.org"}
    await owe(runtime, "n1")
    await owe(runtime, "n2", "nobody@example.org")
    await owe(runtime, "n3")
    await mailer(runtime, mailbox.port).send_due()
    assert ["/n1" in mailbox.received[0][1], "/n3" in mailbox.received[1][1]] == [True, True]
    first, second, third = await rows(runtime)
    assert (first.failure, second.failure, third.failure) == (None, "SMTPRecipientsRefused", None)
    assert (second.sent_at, second.attempts) == (None, 1)
    mailbox.refused = set()
    await make_due(runtime)
    await mailer(runtime, mailbox.port).send_due()
    assert [to for to, _ in mailbox.received][2:] == ["nobody@example.org"]


async def age(runtime: Runtime[Any], days: float) -> None:
    older = {"created_at": sa.func.now() - timedelta(days=days)}
    await runtime.database.run(
        lambda connection: connection.execute(sa.update(outgoing_mails).values(**older))
    )


@pytest.mark.parametrize("to", ["josé-1@exemple.fr", "accueil@théâtre-ville.example", "用户@example.org"])
async def test_a_mail_that_no_relay_can_take_is_parked_at_once_and_seen(
    to: str, runtime: Runtime[Any], mailbox: Mailbox
) -> None:
    await owe(runtime, "n1", to)
    await owe(runtime, "n2")
    parked_before = MAILS.labels("parked")._value.get()
    with structlog.testing.capture_logs() as logged:
        await mailer(runtime, mailbox.port).send_due()
    await make_due(runtime)
    assert await mailer(runtime, mailbox.port).send_due() == 0
    assert len(mailbox.received) == 1
    first, second = await rows(runtime)
    assert (first.failure, first.attempts, first.parked_at is None) == ("UnmailableAddress", 1, False)
    assert (second.failure, second.parked_at) == (None, None)
    assert MAILS.labels("parked")._value.get() == parked_before + 1
    assert {
        "event": "mailer.parked",
        "mail": first.id,
        "error": "UnmailableAddress",
        "log_level": "error",
    } in logged
    assert to not in str(logged)


async def test_a_refused_mail_is_tried_for_five_days_and_then_parked_until_it_is_resumed(
    runtime: Runtime[Any], mailbox: Mailbox
) -> None:
    mailbox.refused = {"nobody@example.org"}
    await owe(runtime, "n1", "nobody@example.org")
    sender = mailer(runtime, mailbox.port)
    for days, parked in ((4.99, False), (5.01, True)):
        await age(runtime, days)
        await make_due(runtime)
        assert await sender.send_due() == 1
        assert ((await rows(runtime))[0].parked_at is not None) is parked
    assert await sender.send_due() == 0
    mailbox.refused = set()
    assert await resume_parked(runtime.database) == 1
    await sender.send_due()
    assert [to for to, _ in mailbox.received] == ["nobody@example.org"]
    assert await resume_parked(runtime.database) == 0


async def test_a_relay_that_is_away_for_weeks_parks_nothing(runtime: Runtime[Any], mailbox: Mailbox) -> None:
    await owe(runtime, "n1")
    await age(runtime, 30)
    await mailer(runtime, 1).send_due()
    (row,) = await rows(runtime)
    assert (row.failure, row.parked_at) == ("SMTPConnectError", None)


async def test_a_failing_template_delays_no_other_and_leaves_nothing_of_itself(
    runtime: Runtime[Any], mailbox: Mailbox
) -> None:
    real = compose_mail(runtime)

    async def compose(
        connection: AsyncConnection, kind: str, payload: Mapping[str, Any]
    ) -> EmailMessage | None:
        if payload["note"] == "broken":
            await connection.execute(sa.text("SELECT no_such_column"))
        if payload["note"] == "missing file":
            raise FileNotFoundError(2, "no such template", "written.html")
        if payload["note"] == "no longer owed":
            return None
        message: EmailMessage = await real(connection, kind, payload)
        return message

    for note in ("broken", "missing file", "no longer owed", "n1"):
        await owe(runtime, note)
    sender = mailer(runtime, mailbox.port)
    sender._compose = compose
    await sender.send_due()
    assert len(mailbox.received) == 1
    assert [(row.failure, row.sent_at is None) for row in await rows(runtime)] == [
        ("ProgrammingError", True),
        ("FileNotFoundError", True),
        (None, False),
        (None, False),
    ]


async def test_a_sender_goes_on_until_it_is_stopped(runtime: Runtime[Any], mailbox: Mailbox) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(mailer(runtime, mailbox.port).run(stop))
    for number in range(3):
        await owe(runtime, f"n{number}")
    async with asyncio.timeout(5):
        while len(mailbox.received) < 3:  # noqa: ASYNC110  # another process's work, in effect
            await asyncio.sleep(0.02)
        stop.set()
        await running


WORDS = [
    "à",
    "télécharger",
    "l'album",
    "Réservation",
    "été",
    "«",
    "»",
    "une",
    "place",
    "contremarque",
    "Écume",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=16))
def test_a_subject_of_accented_words_keeps_its_spaces(words: list[str]) -> None:
    message = EmailMessage()
    message["Subject"] = " ".join(words)
    message["To"] = "lea@example.org"
    message.set_content("Bonjour Léa")
    arrived = email.message_from_bytes(wire(message), policy=email.policy.default)
    assert arrived["Subject"] == " ".join(words)
    assert arrived["To"] == "lea@example.org"
    assert arrived.get_content().strip() == "Bonjour Léa"
