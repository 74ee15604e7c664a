"""Why a request to another server gave nothing usable. No text here quotes an address or an answer."""

from typing import ClassVar


class OutboundError(Exception):
    """Base of what `Outbound.request` raises; `outcome` is its label in metrics and logs."""

    outcome: ClassVar[str] = "error"


class TargetRefused(OutboundError):
    """The address is not one that we ask: its form, its scheme, its port, or a network that is not public."""

    outcome = "target_refused"


class Unreachable(OutboundError):
    """The name does not resolve, nobody listens, or the connection broke before the answer's end."""

    outcome = "unreachable"


class TimedOut(OutboundError):
    """Connecting, the answer's next bytes, or all of it took longer than allowed."""

    outcome = "timeout"


class TooBusy(OutboundError):
    """Too many requests of our own are in flight; it says nothing of the server."""

    outcome = "too_busy"


class CircuitOpen(OutboundError):
    """The server failed too often lately: it was not asked. Ask again in `retry_after_seconds`."""

    outcome = "circuit_open"

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"not asked for {retry_after_seconds:.0f} s more")
        self.retry_after_seconds = retry_after_seconds


class AnswerTooLarge(OutboundError):
    """The answer is longer than allowed; its rest was not read."""

    outcome = "too_large"


class UnusableAnswer(OutboundError):
    """The answer is no HTTP, not what its headers say, or one redirect too many."""

    outcome = "unusable"
