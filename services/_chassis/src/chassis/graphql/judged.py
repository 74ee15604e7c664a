"""Types whose every field asks whether the viewer may see it, whichever way led there.

A root field that forgets to ask, or an answer that is replayed to somebody else, shows nothing then.
"""

from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any, Protocol, TypeVar

from strawberry.extensions import FieldExtension

from chassis.graphql.context import Info
from chassis.graphql.errors import ApiError, ErrorCode


class Judging(Protocol):
    def may_be_seen(self, info: Info) -> Awaitable[bool]:
        """May the viewer of this request see this object at all?"""


class _AsksFirst(FieldExtension):
    async def resolve_async(self, next_: Any, source: Judging, info: Info, **arguments: Any) -> Any:
        if not await source.may_be_seen(info):
            raise ApiError(ErrorCode.FORBIDDEN, "Votre compte ne permet pas de voir cela.")
        value = next_(source, info, **arguments)
        return await value if isawaitable(value) else value


T = TypeVar("T", bound=type[Any])


def judged(cls: T) -> T:
    """Decorates a strawberry type that has `may_be_seen`: each of its fields asks it, FORBIDDEN when it says no."""
    assert hasattr(cls, "may_be_seen"), f"{cls.__name__} does not say who may see it"
    for field in cls.__strawberry_definition__.fields:
        field.extensions = [*field.extensions, _AsksFirst()]
    return cls
