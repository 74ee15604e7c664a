"""The last changes, so that who was away for a moment is told just what they missed."""

import time
from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chassis.live.positions import Cursor, Partition

CAPACITY = 20_000
"""Changes kept: some 5 MB."""

_CLOCKS_DIFFER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Change:
    partition: Partition
    offset: int
    id: UUID
    channel: Hashable


@dataclass(slots=True)
class Recent:
    """What was read since `begin`, or the newest `CAPACITY` of it."""

    capacity: int = CAPACITY
    _since_seconds: float = float("inf")
    _begin: dict[Partition, int] = field(default_factory=dict)
    _all: deque[_Change] = field(default_factory=deque)
    _by_channel: dict[Hashable, deque[_Change]] = field(default_factory=dict)

    def begin(self, offsets: Mapping[Partition, int]) -> None:
        """Forget everything: reading begins, or begins anew, at these offsets."""
        self._since_seconds = time.time()
        self._begin = dict(offsets)
        self._all.clear()
        self._by_channel.clear()

    def keep(self, partition: Partition, offset: int, id_: UUID, channel: Hashable) -> None:
        change = _Change(partition, offset, id_, channel)
        self._all.append(change)
        self._by_channel.setdefault(channel, deque()).append(change)
        while len(self._all) > self.capacity:
            oldest = self._all.popleft()
            own = self._by_channel[oldest.channel]
            own.popleft()
            if not own:
                del self._by_channel[oldest.channel]
            self._begin[oldest.partition] = max(self._begin.get(oldest.partition, 0), oldest.offset + 1)

    def missed(self, cursor: Cursor, channel: Hashable) -> list[UUID] | None:
        """What changed on this channel since the cursor, oldest first; None when that is not known here.

        A cursor from before reading began is never trusted, whatever its offsets: a broker that lost
        everything counts from zero again.
        """
        is_from_before = cursor.at_seconds < self._since_seconds + _CLOCKS_DIFFER_SECONDS
        if is_from_before or any(
            cursor.offsets.get(partition, -1) < first for partition, first in self._begin.items()
        ):
            return None
        missed = [
            change.id
            for change in self._by_channel.get(channel, ())
            if change.offset >= cursor.offsets.get(change.partition, 0)
        ]
        return list(dict.fromkeys(missed))
