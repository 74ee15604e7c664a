"""JSON of strangers: what nests too deeply is refused before anything walks it by recursion."""

from typing import Any

import orjson


class TooDeep(ValueError):
    """Objects and lists within each other beyond what is taken."""


def read_json(text: bytes, levels: int) -> Any:
    """The value in `text`; `{"a": [1]}` has 2 levels. Raises TooDeep, and ValueError on what is no JSON."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # The parser has a limit of its own, far above any of ours.
        raise (TooDeep() if "depth limit" in error.msg else error) from None
    if _is_deeper(value, levels):
        raise TooDeep
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    """Level by level, not by recursion: what is too deep must not exhaust the stack that measures it."""
    layer: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not layer:
            return False
    return True
