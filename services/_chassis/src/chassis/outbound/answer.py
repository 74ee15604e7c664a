"""What another server answered, read whole, within the limit."""

from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from chassis.outbound.errors import UnusableAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes
    tries: int = 1

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """Without parameters, in lower case; empty when the server says none."""
        said: str = self.headers.get("content-type", "")
        return said.partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The body, where it is JSON and says so. Raises UnusableAnswer."""
        if self.media_type != "application/json" and not self.media_type.endswith("+json"):
            raise UnusableAnswer("the answer is not JSON")
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise UnusableAnswer("the answer is not JSON") from None
