"""Reading mails: those that the local mail server keeps, and those of a Mailpit elsewhere."""

import email
import email.policy
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from local_platform.user_error import UserError

PAUSE = 0.2
"""Seconds between two looks for new mail."""


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    arrived_at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    """The plain text part."""

    def as_dict(self) -> dict[str, object]:
        """Fit for JSON, with the addresses found in the text."""
        return {**asdict(self), "arrived_at": self.arrived_at.isoformat(), "links": self.links}

    @property
    def links(self) -> Sequence[str]:
        """Web addresses in the text, in order."""
        return re.findall(r"https?://[^\s<>\"]+", self.text)


class Mailbox(Protocol):
    """Where the mails of a platform arrive, for whoever plays somebody who gets one."""

    def mails_to(self, address: str) -> Sequence[Mail]:
        """Those to this address, the newest first."""


@dataclass(frozen=True)
class Maildir:
    """The folder of the local mail server."""

    folder: Path

    def mails_to(self, address: str) -> Sequence[Mail]:
        return [mail for mail in read_all(self.folder) if address in mail.recipient]


class Mailpit:
    """The API of a Mailpit, as composed beside the platform."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(base_url=url, timeout=10, transport=transport)

    def mails_to(self, address: str) -> Sequence[Mail]:
        """Raises UserError when there is no Mailpit there."""
        try:
            found = self._json("/api/v1/search", query=f'to:"{address}"', limit="50")
            whole = [self._json(f"/api/v1/message/{each['ID']}") for each in found["messages"]]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise UserError(
                f"No Mailpit answers at {self._client.base_url}.", f"Check --mailpit; {error}"
            ) from None
        return [
            Mail(
                arrived_at=datetime.fromisoformat(message["Date"]),
                sender=message["From"]["Address"],
                recipient=", ".join(to["Address"] for to in message["To"]),
                subject=message["Subject"],
                text=message["Text"],
            )
            for message in whole
        ]

    def _json(self, path: str, **query: str) -> Any:
        return self._client.get(path, params=query).raise_for_status().json()


def read_all(folder: Path) -> Sequence[Mail]:
    """Every mail of the Maildir, the newest first; none when nothing was ever sent."""
    files = [file for part in ("new", "cur") for file in (folder / part).glob("*")]
    return [_read(file) for file in sorted(files, key=_arrival, reverse=True)]


def arriving(folder: Path) -> Iterator[Mail]:
    """Each mail that arrives from now on, for ever."""
    known = set((folder / "new").glob("*"))
    while True:
        fresh = set((folder / "new").glob("*")) - known
        for file in sorted(fresh, key=_arrival):
            yield _read(file)
        known |= fresh
        time.sleep(PAUSE)


def show_list(mails: Sequence[Mail], console: Console) -> None:
    """One line for each."""
    if not mails:
        console.print("No mail yet.")
        return
    table = Table("n", "when", "to", "subject", box=None, header_style="dim")
    for number, mail in enumerate(mails, 1):
        when = f"{mail.arrived_at.astimezone():%d/%m %H:%M:%S}"
        table.add_row(str(number), when, escape(mail.recipient), escape(mail.subject))
    console.print(table)
    console.print("[dim]./pass mail n reads one of them[/]")


def show(mail: Mail, console: Console) -> None:
    """The whole mail."""
    head = f"[dim]to[/] {escape(mail.recipient)}   [dim]from[/] {escape(mail.sender)}"
    console.print(
        Panel(f"{head}\n\n{escape(mail.text.strip())}", title=escape(mail.subject), title_align="left")
    )


def _read(file: Path) -> Mail:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return Mail(
        arrived_at=datetime.fromtimestamp(_arrival(file), UTC),
        sender=str(message["From"] or ""),
        recipient=str(message["X-Envelope-To"] or message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body is not None else "",
    )


def _arrival(file: Path) -> float:
    return file.stat().st_mtime
