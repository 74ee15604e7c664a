"""What every chapter of the story needs at hand."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from local_platform.demo.acting import people
from local_platform.demo.gateway_client import GatewayClient, Refused, Session
from local_platform.demo.story.cast import Place, YoungPerson
from local_platform.demo.story.narrator import Narrator
from local_platform.servers.mail_reader import Mailbox

T = TypeVar("T")

SOON = 2.0
"""Seconds within which every part of the platform must know what happened in another."""

WORTH_A_WORD = 5.0
"""Seconds after which whoever watches is told why nothing happens."""

LATE = 60.0
"""Seconds after which it is not late any more but lost. Between the two the story goes on and says so."""


@dataclass
class Scene:
    """The client, the teller, the mailbox, the team, and the moment at which the story begins."""

    client: GatewayClient
    narrator: Narrator
    mailbox: Mailbox
    admin: Session
    finance: Session
    controller: Session
    """The second person of finance."""
    now: datetime

    def soon(self, look: Callable[[], T], holds: Callable[[T], bool], sentence: str) -> T:
        """Look until it holds, and tell how long that took; it is promised within two seconds."""
        begun = time.monotonic()
        while not holds(found := look()):
            if time.monotonic() - begun > WORTH_A_WORD:
                self.narrator.waits(f"« {sentence} » is not so yet")
            if time.monotonic() - begun > LATE:
                self.narrator.ends(f"{sentence} Found: {found}")
            time.sleep(0.05)
        took = time.monotonic() - begun
        late = "" if took <= SOON else f" [yellow](later than the promised {SOON:.0f} s)[/]"
        self.narrator.says(f"{sentence} [dim]({took * 1000:.0f} ms)[/]{late}")
        return found

    def refuses(self, code: str, what: str, act: Callable[[], object]) -> None:
        """Expect the deed to be refused for this very reason, and tell the sentence that a person reads."""
        try:
            done = act()
        except Refused as refused:
            self.narrator.expects(refused.code == code, f"{what} is refused as {code}.", refused.code)
            reason = refused.sentence.partition(": ")[2]
            self.narrator.says(f"{what} → [yellow]{code}[/] « {reason} »")
        else:
            self.narrator.expects(False, f"{what} is refused as {code}.", done)

    def pro_signs_in(self, place: Place) -> Session:
        return people.sign_in(self.client, place.email, place.password)

    def becomes_beneficiary(
        self, person: YoungPerson, at: datetime | None = None
    ) -> tuple[Session, dict[str, Any]]:
        return people.become_beneficiary(self.client, self.mailbox, self.admin, person, at)


def euros(cents: int) -> str:
    """150 € or 12.50 €."""
    return f"{cents // 100} €" if cents % 100 == 0 else f"{cents / 100:.2f} €"
