"""What the states of all aggregates have in common, and their JSON Schema."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from catalog.persistence.records import Record


class State(BaseModel):
    """Every key is always there; null means unknown or none. Instants are ISO 8601 in UTC."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    version: int = Field(ge=1, description="grows with each change of the aggregate")


def published_state(model: type[State], record: Record, **computed: object) -> dict[str, object]:
    """The body of an event: the record's fields that the model names, and what is `computed` beside them."""
    names = model.model_fields.keys() - State.model_fields.keys() - computed.keys()
    return {name: getattr(record, name) for name in names} | computed


JsonSchema = dict[str, Any]


def schema_of(topic: str, model: type[State]) -> JsonSchema:
    """The JSON Schema of a topic's values, as committed in `contracts/events`."""
    schema = model.model_json_schema()
    for field in schema["properties"].values():
        field.pop("title")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": topic}
