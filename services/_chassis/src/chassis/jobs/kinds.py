"""A kind of job as data: its name, its work, and the arguments that the work's own signature declares."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from chassis.refusals import Refusal

Work = Callable[..., Awaitable[str | Refusal]]
"""`async def work(run, first_argument, …) -> str`: one line saying what was done, or why it cannot be.

A refusal ends the job as failed with its sentence. An exception is tried again from the last checkpoint.
Annotate instants `pydantic.AwareDatetime`: a text without offset is then refused.
"""


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Job:
    """What can be asked for by name, through `enqueue`, the timetable or `python -m <context> job <name>`."""

    name: str
    work: Work
    tries: int = 5
    """Failures after which it is given up: exceptions, and processes that died with it."""
    is_recorded: bool = True
    """False for an operator's act with personal arguments: from the command line only, and no row keeps it."""
    arguments: type[BaseModel] = field(init=False)
    """The work's parameters but the first."""

    def __post_init__(self) -> None:
        parameters = list(inspect.signature(self.work, eval_str=True).parameters.values())[1:]
        fields: dict[str, Any] = {
            each.name: (each.annotation, ... if each.default is each.empty else each.default)
            for each in parameters
        }
        model = create_model(f"{self.name} arguments", __base__=_Arguments, **fields)
        object.__setattr__(self, "arguments", model)

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments as the work takes them, from JSON values. Raises pydantic.ValidationError."""
        model = self.arguments.model_validate(dict(given))
        return {name: getattr(model, name) for name in self.arguments.model_fields}

    def write(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The same as JSON values; what was left out is left out. Raises pydantic.ValidationError."""
        return self.arguments.model_validate(dict(given)).model_dump(mode="json", exclude_unset=True)
