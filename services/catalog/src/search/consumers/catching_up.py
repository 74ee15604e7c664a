"""Where each partition stood when reading began, and whether it still is the log that was read."""

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from search.state.store import LogPosition

P = TypeVar("P")


class Stamped(Protocol):
    """What is needed of a Kafka record."""

    offset: int
    timestamp: int


class CatchingUp(Generic[P]):
    """Decides where to begin in each partition, and when the ends seen at the start are reached.

    A partition already read is taken up one record early. That record comes back with the
    timestamp we noted, or the broker lost its log and another one has grown in its place: that
    one is read from its beginning. (Reading a record twice is harmless.)
    """

    def __init__(
        self, begins: Mapping[P, int], ends: Mapping[P, int], known: Mapping[P, LogPosition]
    ) -> None:
        self._missing = {p: end for p, end in ends.items() if end > begins[p]}
        self._expected: dict[P, LogPosition] = {}
        self.seeks: dict[P, int] = {}
        for partition, begin in begins.items():
            position = known.get(partition)
            if position is not None and begin < position.next_offset <= ends[partition]:
                self._expected[partition] = position
                self.seeks[partition] = position.next_offset - 1
            else:
                self.seeks[partition] = begin

    def replaced(self, fetched: Mapping[P, Sequence[Stamped]]) -> list[P]:
        """The fetched partitions whose log is another one than the one that was read."""
        return [
            partition for partition, records in fetched.items() if self._is_foreign(partition, records[0])
        ]

    def _is_foreign(self, partition: P, first: Stamped) -> bool:
        position = self._expected.pop(partition, None)
        if position is None or first.offset != position.next_offset - 1:
            return False
        return first.timestamp != position.last_timestamp_ms

    def advance(self, fetched: Mapping[P, Sequence[Stamped]]) -> None:
        """These records were kept."""
        for partition, records in fetched.items():
            if records[-1].offset + 1 >= self._missing.get(partition, 0):
                self._missing.pop(partition, None)

    @property
    def done(self) -> bool:
        return not self._missing

    @property
    def unread(self) -> int:
        """Partitions whose end at the start is not reached yet."""
        return len(self._missing)
