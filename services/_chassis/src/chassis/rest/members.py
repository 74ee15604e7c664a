"""What a refusal says beyond its sentence: its fields, in the extension member `facts` of its problem."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from chassis.refusals import Refusal


def members_of(refusal: Refusal) -> Mapping[str, Any]:
    """`{"facts": …}` with the fields in camelCase, as JSON values; nothing for a refusal without fields."""
    values: dict[str, Any] = _adapter(type(refusal)).dump_python(refusal, mode="json")
    return {"facts": {to_camel(name): value for name, value in values.items()}} if values else {}


def schema_of(refusal: type[Refusal]) -> dict[str, Any] | None:
    """The JSON Schema of `facts`, None for a refusal without fields."""
    names = [to_camel(field.name) for field in dataclasses.fields(refusal)]
    if not names:
        return None
    described = _adapter(refusal).json_schema(mode="serialization")
    properties = {to_camel(name): schema for name, schema in described["properties"].items()}
    return {"type": "object", "properties": properties, "required": names}


@cache
def _adapter(refusal: type[Refusal]) -> TypeAdapter[Any]:
    return TypeAdapter(refusal)
