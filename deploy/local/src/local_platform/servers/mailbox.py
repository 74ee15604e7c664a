"""The local mail server: takes every mail and keeps it, in the Maildir that `./pass mail` reads.

`python -m local_platform.servers.mailbox PORT MAILDIR`; nothing leaves the machine.
"""

import asyncio
import mailbox
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local_platform.servers.ports import LOOPBACK


class Keeper:
    """Files each mail, with whom it was really for."""

    def __init__(self, folder: Path) -> None:
        self._maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = mailbox.MaildirMessage(envelope.content)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self._maildir.add(message)
        return "250 Kept"


async def keep(port: int, folder: Path) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(folder)
    async with await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True), LOOPBACK, port):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(keep(int(sys.argv[1]), Path(sys.argv[2])))
