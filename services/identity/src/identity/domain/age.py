"""Age in complete years, and birthdays as days and as instants (domain.md §2.2)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.dated import midnight


def years_after(day: date, years: int) -> date:
    """The same calendar day `years` later; 29 February becomes 28 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def birthday(birth_date: date, age: int) -> date:
    """The day on which somebody reaches `age`; born on 29 February: 28 February in common years."""
    return years_after(birth_date, age)


def age_on(birth_date: date, day: date) -> int:
    """Complete years on `day`, the birthday included; negative before birth."""
    years = day.year - birth_date.year
    return years if day >= birthday(birth_date, years) else years - 1


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day that an aware instant falls on in `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def birthday_midnight(birth_date: date, age: int, zone: str) -> datetime:
    """00:00 in `zone` on the day `age` is reached: windows open and credits end at this instant."""
    day = birthday(birth_date, age)
    return midnight(zone, day.year, day.month, day.day)
