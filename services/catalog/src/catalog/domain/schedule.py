"""Dates of an event: single days and recurrences, as instants (domain.md §3.2, S3).

Hours are those of the venue's wall clock, so that an 8 p.m. show stays at 8 p.m. when
the clocks change. An hour that the spring night skips is read an hour later; an hour
that the autumn night repeats is read the first time.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from catalog.domain.price import PriceCategory
from catalog.domain.refusals.stock import InvalidRecurrence
from catalog.domain.stock import STOCK_LIMITS


class Frequency(StrEnum):
    ONCE = "ONCE"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class MonthlyBy(StrEnum):
    """What repeats from month to month: the number of the day, its rank in the week order, the last such day."""

    DAY_OF_MONTH = "DAY_OF_MONTH"
    NTH_WEEKDAY = "NTH_WEEKDAY"
    LAST_WEEKDAY = "LAST_WEEKDAY"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day; `quantity` places for each tariff, None unlimited."""

    at: time
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Days from `first_day` to `last_day`, both inclusive, times the slots of each day.

    `weekdays` (Monday is 0) is read by WEEKLY only; `monthly_by` by MONTHLY only, which
    takes its model from `first_day`. A month without such a day is left out.
    """

    frequency: Frequency
    first_day: date
    last_day: date
    slots: tuple[Slot, ...]
    weekdays: frozenset[int] = frozenset()
    monthly_by: MonthlyBy = MonthlyBy.DAY_OF_MONTH
    limit_days_before: int = 0


@dataclass(frozen=True, slots=True)
class DatedStock:
    """One stock to create: a date × a tariff. Instants in UTC."""

    price_label: str
    price_cents: int
    quantity: int | None
    starts_at: datetime
    booking_limit_at: datetime | None


def instant_of(day: date, at: time, zone: str) -> datetime:
    """UTC instant of a wall-clock time in `zone` (see the module about nights when clocks change)."""
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def days_of(recurrence: Recurrence) -> Iterator[date]:
    """The days of a recurrence, growing."""
    if recurrence.frequency is Frequency.ONCE:
        yield recurrence.first_day
    elif recurrence.frequency is Frequency.MONTHLY:
        yield from _monthly_days(recurrence)
    else:
        every_day = recurrence.frequency is Frequency.DAILY
        day = recurrence.first_day
        while day <= recurrence.last_day:
            if every_day or day.weekday() in recurrence.weekdays:
                yield day
            day += timedelta(days=1)


def _monthly_days(recurrence: Recurrence) -> Iterator[date]:
    model = recurrence.first_day
    year, month = model.year, model.month
    while (year, month) <= (recurrence.last_day.year, recurrence.last_day.month):
        day = _day_in_month(year, month, model, recurrence.monthly_by)
        if day is not None and model <= day <= recurrence.last_day:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _day_in_month(year: int, month: int, model: date, by: MonthlyBy) -> date | None:
    first_weekday, length = monthrange(year, month)
    if by is MonthlyBy.DAY_OF_MONTH:
        number = model.day
    else:
        first = 1 + (model.weekday() - first_weekday) % 7
        if by is MonthlyBy.NTH_WEEKDAY:
            number = first + 7 * ((model.day - 1) // 7)
        else:
            number = first + 7 * ((length - first) // 7)
    return date(year, month, number) if number <= length else None


def check_recurrence(recurrence: Recurrence, tariff_count: int, now: datetime) -> InvalidRecurrence | None:
    """First reason why these dates cannot be expanded; counts stop at the stocks an offer may carry."""
    if recurrence.last_day < recurrence.first_day:
        return InvalidRecurrence("le dernier jour précède le premier")
    if not recurrence.slots or tariff_count < 1:
        return InvalidRecurrence("il manque un horaire ou un tarif")
    if len({slot.at for slot in recurrence.slots}) < len(recurrence.slots):
        return InvalidRecurrence("un horaire est donné deux fois")
    if recurrence.limit_days_before < 0:
        return InvalidRecurrence("la date limite de réservation suivrait l'événement")
    max_stocks = STOCK_LIMITS.at(now).stocks_per_offer
    per_day = len(recurrence.slots) * tariff_count
    count = 0
    for _ in days_of(recurrence):
        count += per_day
        if max_stocks is not None and count > max_stocks:
            return InvalidRecurrence(f"elle donne plus de {max_stocks} stocks")
    return InvalidRecurrence("aucun jour ne convient") if count == 0 else None


def expand(recurrence: Recurrence, tariffs: tuple[PriceCategory, ...], zone: str) -> tuple[DatedStock, ...]:
    """One stock per date × slot × tariff, by growing start.

    The booking limit is the same wall-clock time `limit_days_before` days earlier, never
    after the start.
    """
    stocks: list[DatedStock] = []
    for day in days_of(recurrence):
        for slot in sorted(recurrence.slots, key=lambda slot: slot.at):
            starts_at = instant_of(day, slot.at, zone)
            limit = instant_of(day - timedelta(days=recurrence.limit_days_before), slot.at, zone)
            stocks.extend(
                DatedStock(tariff.label, tariff.price_cents, slot.quantity, starts_at, min(limit, starts_at))
                for tariff in tariffs
            )
    return tuple(sorted(stocks, key=lambda stock: stock.starts_at))
