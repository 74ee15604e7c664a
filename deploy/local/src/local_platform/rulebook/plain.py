"""Values of rules in words: what a row says, for somebody who does not read Python."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any

_LONG_MAPPING = 8


def plain(value: Any, name: str = "") -> str:
    """`value` in words; amounts are shown in euros where `name` says that they are cents."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int() if "cents" in name:
            return euros(value)
        case int() if name.endswith("_bp"):
            return f"{value / 100:g} %"
        case Enum():
            return str(value.value) if isinstance(value.value, str) else value.name
        case timedelta():
            return _duration(value)
        case date():
            return value.isoformat()
        case re.Pattern():
            return f"`{value.pattern}`"
        case Mapping():
            return _mapping(value, name)
        case str():
            return value or "nothing"
        case tuple() if hasattr(value, "_fields"):
            return _fields((field, getattr(value, field)) for field in value._fields)
        case (str() | Enum() as label, sentence) if callable(sentence):
            return plain(label)
        case tuple() | list():
            return ", then ".join(plain(item, name) for item in value) or "nothing"
        case set() | frozenset():
            return ", ".join(sorted(plain(item, name) for item in value)) or "nothing"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, type):
        return value.__name__
    if callable(value):
        return _function(value)
    return str(value)


def euros(cents: int) -> str:
    """15000 → `150 €`, 9999 → `99.99 €`."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", " ") + (f".{rest:02}" if rest else "") + " €"


def _fields(pairs: Iterable[tuple[str, Any]]) -> str:
    words = []
    fields = list(pairs)
    in_money = any(field.endswith("_cents") for field, _ in fields)
    for field, value in fields:
        label = re.sub(r"_(cents|bp)$", "", field).replace("_", " ")
        said = plain(value, "cents" if in_money and isinstance(value, Mapping) else field)
        words.append(f"{label} ({said})" if ", " in said else f"{label} {said}")
    return ", ".join(words)


def _mapping(value: Mapping[Any, Any], name: str) -> str:
    if not value:
        return "nothing"
    said = {plain(key): plain(item, name) for key, item in value.items()}
    if len(said) > _LONG_MAPPING:
        groups: dict[str, list[str]] = {}
        for key, item in said.items():
            groups.setdefault(item, []).append(key)
        return "; ".join(f"**{item}**: {', '.join(sorted(keys))}" for item, keys in groups.items())
    return "; ".join(f"{'others' if key == '*' else key}: {item}" for key, item in said.items())


def _function(value: Callable[..., Any]) -> str:
    inner = [cell.cell_contents for cell in value.__closure__ or ()] if hasattr(value, "__closure__") else []
    if value.__name__ == "<lambda>":
        return ", ".join(plain(item) for item in inner if callable(item)) or "a rule"
    return value.__name__.strip("_").replace("_", " ")


def _duration(value: timedelta) -> str:
    hours, rest = divmod(value.total_seconds(), 3600)
    if rest:
        return f"{value.total_seconds() / 60:g} min"
    return f"{hours / 24:g} days" if hours % 24 == 0 and hours > 48 else f"{hours:g} h"
