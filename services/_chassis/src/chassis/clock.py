"""The business clock. Rules never read the time themselves: they are given `now`.

Security (token lifetimes) always uses the wall clock; what the rules call "today" comes
from here, so that any day can be replayed in development and tests.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

TRAVEL_HEADER = "x-pass-clock"
"""Request header that moves the business clock of one request, where time travel is on."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that shows one instant until it is set to another."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with an offset, as UTC.

    Raises ValueError on anything else, a naive datetime included.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is out of the calendar in UTC") from None


def iso(instant: datetime | None) -> str | None:
    """How instants are written in events: ISO 8601 in UTC, ending in Z; None stays None.

    Raises ValueError on a naive datetime: it would be read as the machine's local time.
    """
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
