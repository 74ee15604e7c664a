"""When a service does what by itself: rows of data, in the time of Paris unless the row says otherwise.

Cron's five fields, read as Debian's cron reads them where clocks change: what is due in the hour that
spring leaves out is due at its end, what is due at a time that autumn has twice is due the first time;
what repeats within the day goes on by the clock on the wall.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from chassis.jobs.kinds import Job

PARIS: Final = ZoneInfo("Europe/Paris")

_A_MINUTE = timedelta(minutes=1)


def _no_arguments(_: datetime) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timetable."""

    name: str
    """Unique in its context, and never given to another: what was seen to is remembered under it."""
    cron: str
    """`minute hour day month weekday`, for instance `30 5 * * *`"""
    job: Job
    arguments: Callable[[datetime], Mapping[str, Any]] = _no_arguments
    """The job's arguments from the instant it is due, in the row's zone."""
    zone: tzinfo = PARIS

    def __post_init__(self) -> None:
        try:
            CronSim(self.cron, datetime(2026, 1, 1, tzinfo=UTC))
        except CronSimError:
            raise ValueError(f"{self.name}: {self.cron!r} is not a line of cron") from None

    def last_due(self, now: datetime) -> datetime:
        """The newest instant at or before `now` at which it is due, in UTC."""
        # Instants strictly before the one given are found: a minute later, `now` itself is one of them.
        minute = now.replace(second=0, microsecond=0) + _A_MINUTE
        return next(CronSim(self.cron, minute.astimezone(self.zone), reverse=True)).astimezone(UTC)

    def next_due(self, now: datetime) -> datetime:
        """The first instant after `now` at which it is due, in UTC."""
        return next(CronSim(self.cron, now.astimezone(self.zone))).astimezone(UTC)
