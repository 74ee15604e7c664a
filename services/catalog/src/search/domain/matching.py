"""Which slots of a document answer a query: the exact verdict behind every index."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from search.domain.document import Slot
from search.domain.instants import microseconds, optional_microseconds
from search.domain.query import NEWEST_DAYS, Filters, SearchQuery

SlotTest = Callable[[Slot], bool]


class SlotMatcher:
    """The slots bookable at the query's `now` that satisfy its price, dates, hours and newest."""

    def __init__(self, query: SearchQuery) -> None:
        self._now_us = microseconds(query.now)
        self._tests = tuple(_tests(query.filters, self._now_us))

    def __call__(self, opens_us: int, slots: Sequence[Slot]) -> list[Slot]:
        """Empty when the offer does not answer; `opens_us` is the publication (inclusive)."""
        if opens_us > self._now_us:
            return []
        now_us, tests = self._now_us, self._tests
        bookable = [slot for slot in slots if slot.lapses_us is None or now_us < slot.lapses_us]
        if not tests:
            return bookable
        return [slot for slot in bookable if all(test(slot) for test in tests)]


def newest_since_us(now_us: int) -> int:
    """Stocks created then or later are "newest" (domain.md §3.7: the last 15 days)."""
    return now_us - timedelta(days=NEWEST_DAYS) // timedelta(microseconds=1)


def _tests(filters: Filters, now_us: int) -> list[SlotTest]:
    tests: list[SlotTest] = []
    low, high = filters.price_range
    if low or high is not None:
        tests.append(lambda slot: low <= slot.price_cents and (high is None or slot.price_cents <= high))
    since, until = optional_microseconds(filters.dates_from), optional_microseconds(filters.dates_until)
    if since is not None or until is not None:
        tests.append(
            lambda slot: (
                slot.starts_us is not None
                and (since is None or since <= slot.starts_us)
                and (until is None or slot.starts_us <= until)
            )
        )
    if (hours := filters.hours) is not None:
        tests.append(lambda slot: slot.local_seconds is not None and hours.hold(slot.local_seconds))
    if filters.newest:
        oldest = newest_since_us(now_us)
        tests.append(lambda slot: slot.created_us >= oldest)
    return tests
