"""What the models of a REST contract have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from chassis.cursors import DEFAULT_PAGE, MAX_PAGE, InvalidCursor, encode_cursor, read_cursor
from chassis.rest.problems import Problem, ProblemCode

R = TypeVar("R")


class RestModel(BaseModel):
    """camelCase outside, snake_case inside; what is not declared is refused, what is must be of its type."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
    )


class Nothing(RestModel):
    """No parameter at all."""


class Paging(RestModel):
    """The query of a list: how many, and after which."""

    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE, description="éléments par page")
    cursor: str | None = Field(
        default=None, max_length=500, description="celui du lien rel=next de la page précédente"
    )

    def after(self, *parsers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
        """The sort keys to begin after, None for the first page. Raises Problem BAD_INPUT."""
        if self.cursor is None:
            return None
        try:
            return read_cursor(self.cursor, *parsers)
        except InvalidCursor:
            raise Problem(ProblemCode.BAD_INPUT, "« cursor » n'est pas un curseur de cette liste.") from None

    def cut(self, rows: Sequence[R], keys: Callable[[R], Sequence[Any]]) -> tuple[Sequence[R], str | None]:
        """The page out of up to `limit + 1` rows, and the cursor of the next one if there is more."""
        shown = rows[: self.limit]
        return shown, encode_cursor(keys(shown[-1])) if len(rows) > self.limit else None
