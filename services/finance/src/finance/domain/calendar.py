"""Fortnights, cutoffs and labels, cut at midnight in Paris on both sides of DST (domain.md §5.3, §5.5)."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from holidays import financial_holidays

from chassis.dated import BEGINNING, DatedTable, midnight, row
from finance.domain.refusals import NotAFortnightEnd

PARIS: Final = ZoneInfo("Europe/Paris")
LABEL_PREFIX: Final = "pass Culture Pro - "
_MONTHS: Final = (
    *("Janvier", "Février", "Mars", "Avril", "Mai", "Juin"),
    *("Juillet", "Août", "Septembre", "Octobre", "Novembre", "Décembre"),
)


def civil_year_paris(instant: datetime) -> int:
    """The civil year in Paris of an aware instant: counters restart on 1 January there (from 2022)."""
    return instant.astimezone(PARIS).year


def civil_year_utc(instant: datetime) -> int:
    """The civil year in UTC of an aware instant, as the counters of 2019 – 2021 read it."""
    return instant.astimezone(UTC).year


def cutoff_after(last_day: date) -> datetime:
    """The instant a period ends: midnight in Paris after `last_day`, in UTC.

    A booking belongs to the period when `used_at < cutoff` (strict).
    """
    return datetime.combine(last_day + timedelta(days=1), time.min, PARIS).astimezone(UTC)


class Fortnight(NamedTuple):
    """Half a month: `half` 1 runs from the 1st to the 15th, 2 from the 16th to the last day."""

    year: int
    month: int
    half: int

    @classmethod
    def containing(cls, day: date) -> "Fortnight":
        return cls(day.year, day.month, 1 if day.day <= 15 else 2)

    @classmethod
    def ending_on(cls, last_day: date) -> "Fortnight | NotAFortnightEnd":
        """The fortnight whose last day (inclusive) this is; a refusal naming the right day otherwise."""
        fortnight = cls.containing(last_day)
        if fortnight.last_day != last_day:
            return NotAFortnightEnd(last_day=last_day, expected=fortnight.last_day)
        return fortnight

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1 if self.half == 1 else 16)

    @property
    def last_day(self) -> date:
        """Inclusive."""
        return date(self.year, self.month, 15 if self.half == 1 else monthrange(self.year, self.month)[1])

    @property
    def start(self) -> datetime:
        """Midnight in Paris of the first day, in UTC (inclusive)."""
        return cutoff_after(self.first_day - timedelta(days=1))

    @property
    def cutoff(self) -> datetime:
        """Midnight in Paris after the last day, in UTC (exclusive)."""
        return cutoff_after(self.last_day)

    def previous(self) -> "Fortnight":
        return Fortnight.containing(self.first_day - timedelta(days=1))


def invoiced_fortnight(created_on: date) -> Fortnight:
    """The period an invoice shows: created after the 15th it is 1–15, before it is the end of last month.

    The day is a day in Paris (domain.md §5.5, Period shown).
    """
    return Fortnight.containing(created_on).previous()


_TARGET: Final = financial_holidays("ECB", years=range(2018, 2051))
"""Days but week-ends on which the European payment system TARGET is closed."""


def target_day(day: date) -> date:
    """`day`, or the next on which TARGET settles: a transfer is executed on no other."""
    while day.weekday() >= 5 or day in _TARGET:
        day += timedelta(days=1)
    return day


class LabelledBy(StrEnum):
    """Which day decides between *1ère* and *2nde quinzaine* in the label of a transfer."""

    RUN_DATE = "the day the batch runs"
    PERIOD = "the fortnight that is paid"


LABELLING: Final = DatedTable(
    name="label of a transfer",
    keyed_by="date of the run",
    rows=(
        row(
            BEGINNING,
            LabelledBy.RUN_DATE,
            source="domain.md §5.3 (label computed from the run date), §10.9",
            note="run on the 15th: « 2nde », though the fortnight paid is the first",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            LabelledBy.PERIOD,
            source="domain.md §5.5 (period shown)",
        ),
    ),
)


def transfer_label(run_at: datetime, fortnight: Fortnight) -> str:
    """What the place reads on its bank statement.

    `pass Culture Pro - remboursement 1ère|2nde quinzaine MM-YYYY`. Until 2021 the day of the run
    (Paris) decides, day < 15 being « 1ère »; since 2022 the fortnight that is paid.
    """
    if LABELLING.at(run_at) is LabelledBy.RUN_DATE:
        run_day = run_at.astimezone(PARIS).date()
        half, month, year = (1 if run_day.day < 15 else 2), run_day.month, run_day.year
    else:
        half, month, year = fortnight.half, fortnight.month, fortnight.year
    ordinal = "1ère" if half == 1 else "2nde"
    return f"{LABEL_PREFIX}remboursement {ordinal} quinzaine {month:02d}-{year}"


def transfer_title(label: str) -> str:
    """A label as the exports show it: « Avril : remboursement 1ère quinzaine » (domain.md §5.4)."""
    text, _, month_and_year = label.removeprefix(LABEL_PREFIX).rpartition(" ")
    return f"{_MONTHS[int(month_and_year[:2]) - 1]} : {text}"
