"""How far the topics were read, as every replica counts it, and the cursor that carries it to a client."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import orjson

Partition = tuple[str, int]
"""Topic and number."""


class NotACursor(ValueError):
    """What a client sent as a cursor is none of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything below these offsets was told before this instant."""

    at_seconds: float
    """By the clock of the replica that made it, since 1970."""
    offsets: Mapping[Partition, int]
    """The next offset of each partition."""

    def encode(self) -> str:
        flat = [round(self.at_seconds, 3)]
        topics: dict[str, dict[str, int]] = {}
        for (topic, number), offset in sorted(self.offsets.items()):
            topics.setdefault(topic, {})[str(number)] = offset
        return base64.urlsafe_b64encode(orjson.dumps([*flat, topics])).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises NotACursor."""
        try:
            at_seconds, topics = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            offsets = {
                (str(topic), int(number)): _whole(offset)
                for topic, numbers in topics.items()
                for number, offset in numbers.items()
            }
            return cls(float(at_seconds), offsets)
        except (ValueError, TypeError, AttributeError, binascii.Error, OverflowError):
            raise NotACursor from None


def _whole(offset: object) -> int:
    if isinstance(offset, bool) or not isinstance(offset, int):
        raise TypeError
    return offset
