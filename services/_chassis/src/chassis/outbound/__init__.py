"""Requests to servers of others: bounded in time and size, never into a private network, recorded.

`Outbound` is the client, one per process; `signing` writes and checks signatures; `partner` is a
server for tests that is slow, wrong or hostile on demand.
"""

from chassis.outbound.answer import Answer
from chassis.outbound.client import Outbound
from chassis.outbound.errors import (
    AnswerTooLarge,
    CircuitOpen,
    OutboundError,
    TargetRefused,
    TimedOut,
    TooBusy,
    Unreachable,
    UnusableAnswer,
)
from chassis.outbound.settings import OutboundRules, OutboundSettings

__all__ = [
    "Answer",
    "AnswerTooLarge",
    "CircuitOpen",
    "Outbound",
    "OutboundError",
    "OutboundRules",
    "OutboundSettings",
    "TargetRefused",
    "TimedOut",
    "TooBusy",
    "Unreachable",
    "UnusableAnswer",
]
