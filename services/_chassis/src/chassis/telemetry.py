"""Structured logs with the trace they belong to, and the metrics every process shows.

Logs carry ids, codes and counts; never a mail address, a name, a token or an IBAN.
"""

import io
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import TextIO, cast

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")

trace_id: ContextVar[str] = ContextVar("trace_id", default="")
"""W3C trace id (32 hex digits) of the request or event being handled; empty outside of one."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""What the caller named the request being served, else its trace id; empty outside of one."""

refusals: ContextVar[list[str] | None] = ContextVar("refusals", default=None)
"""The codes of the refusals that the request being served was answered with; None outside of one."""

LATENCY = Histogram(
    "http_request_seconds",
    "Time from the request's head to the response's end",
    ["route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_FLIGHT = Gauge("http_requests_in_flight", "Requests being served")
EVENTS_RELAYED = Counter("outbox_events_relayed_total", "Events acknowledged by the broker", ["topic"])
OUTBOX_LAG = Gauge("outbox_oldest_seconds", "Age of the oldest event not yet acknowledged")
EVENTS_CONSUMED = Counter("events_consumed_total", "Events applied", ["topic"])
DEAD_LETTERS = Counter("events_dead_lettered_total", "Events set aside after repeated failure", ["topic"])
MAILS = Counter("mails_total", "Mails by outcome", ["outcome"])
STREAMS_OPEN = Gauge("live_streams_open", "Subscriptions that this process feeds")
STREAMS_ENDED = Counter("live_streams_ended_total", "Subscriptions that we ended, or refused", ["reason"])
JOBS_RUNNING = Gauge("jobs_running", "Jobs that this process works at", ["job"])
JOB_FAILURES = Counter("job_failures_total", "Attempts that ended in an exception", ["job"])
JOB_SECONDS = Histogram(
    "job_attempt_seconds",
    "Time an attempt took, whatever became of it",
    ["job"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400),
)
JOB_LAST_SUCCESS = Gauge(
    "job_last_success_timestamp_seconds", "When a job of this name last succeeded, in any process", ["job"]
)
JOB_LAST_DURATION = Gauge("job_last_success_seconds", "From its first attempt to that success", ["job"])
JOBS_GIVEN_UP = Gauge("jobs_failed", "Jobs of this name that failed for good and are still kept", ["job"])
JOBS_LATE = Gauge("jobs_oldest_due_seconds", "How long the job that is due longest has waited")


def start_trace(traceparent: str | None) -> str:
    """Join the caller's trace, or begin one; sets and returns the trace id."""
    match = _TRACEPARENT.match(traceparent or "")
    identifier = match.group(1) if match else os.urandom(16).hex()
    trace_id.set(identifier)
    return identifier


def traceparent() -> str:
    """The header that hands the present trace on."""
    return f"00-{trace_id.get() or os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def frames(traceback: TracebackType | None) -> list[str]:
    """The last places an exception went through, as `file:line:function`; never a value."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = code.co_filename.rpartition("/src/")[2].rpartition("/site-packages/")[2]
        places.append(f"{file}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return places[-6:]


def _without_values(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say which exception was logged and where; its text may quote a row, an address or a token."""
    logged = event.pop("exc_info", None)
    error = logged[1] if isinstance(logged, tuple) else sys.exc_info()[1] if logged is True else logged
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = frames(error.__traceback__)
    # Libraries put the details, exception texts among them, on the lines after the first.
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def _with_trace(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if identifier := trace_id.get():
        event["trace_id"] = identifier
    return event


def _json(event: object, default: Callable[[object], object]) -> str:
    try:
        return orjson.dumps(event, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # an integer beyond 64 bits, half a surrogate pair: a line is written whatever it says
        return json.dumps(event, default=default)


class _StandardError(io.TextIOBase):
    """What stands for standard error when a line is written, not what stood for it at the start."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


_STDERR = cast(TextIO, _StandardError())


def configure_logging(service: str, level: str = "info") -> None:
    """One JSON object per line on standard error, for our logs and for the libraries'."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        lambda _, __, event: {"service": service, **event},
    ]
    structlog.configure(
        processors=[*shared, _without_values, structlog.processors.JSONRenderer(_json)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(_STDERR),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_STDERR)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_values,
                structlog.processors.JSONRenderer(_json),
            ],
        )
    )
    # While a broker is away it says so twenty times a second; our own workers say it once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))


log: structlog.stdlib.BoundLogger = structlog.get_logger()
"""The logger everybody uses: `log.info("what.happened", count=3)`."""
