"""Instants as whole microseconds since 1970 (UTC): what documents hold, exact and comparable."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def microseconds(instant: datetime) -> int:
    """An aware instant as microseconds since the epoch, without rounding.

    Raises TypeError on a naive datetime.
    """
    return (instant - _EPOCH) // _MICROSECOND


def optional_microseconds(instant: datetime | None) -> int | None:
    """As `microseconds`; None stays None."""
    return None if instant is None else microseconds(instant)


def from_microseconds(value: int) -> datetime:
    """The aware UTC instant of `microseconds`."""
    return _EPOCH + timedelta(microseconds=value)


def from_optional_microseconds(value: int | None) -> datetime | None:
    """As `from_microseconds`; None stays None."""
    return None if value is None else from_microseconds(value)
