"""Domain refusals as GraphQL types: each class becomes a member of `interface Refusal`, field for field."""

import dataclasses
from functools import cache
from typing import Annotated, Any, Union, get_type_hints

import strawberry

from chassis.graphql.scalars import Cents
from chassis.refusals import Refusal


@strawberry.interface(
    name="Refusal", description="Why something cannot be done, for a person and for a program."
)
class RefusalInterface:
    code: str
    message: str


@cache
def refusal_type(refusal: type[Refusal]) -> type[Any]:
    """The GraphQL type of a domain refusal: its fields (those in `_cents` as Cents), code and message.

    Types are shareable, so that contexts may refuse in the same words.
    """
    hints = get_type_hints(refusal)
    fields = []
    for field in dataclasses.fields(refusal):
        hint: Any = hints[field.name]
        if field.name.endswith("_cents"):
            hint = Cents if hint is int else Cents | None
        fields.append((field.name, hint))
    cls = dataclasses.make_dataclass(
        refusal.__name__,
        fields,
        bases=(RefusalInterface,),
        kw_only=True,
        namespace={"__doc__": refusal.__doc__},
    )
    description = (refusal.__doc__ or "").strip().split("\n")[0]
    return strawberry.federation.type(cls, name=refusal.__name__, shareable=True, description=description)


def result_union(name: str, *members: type[Any]) -> Any:
    """`union <name> = …` of success types and refusals; domain refusal classes are converted.

    Use it as `@strawberry.mutation(graphql_type=result_union("BookOfferResult", Booked, SoldOut))`
    on a resolver that returns `object`, and give its result through `answer`.
    """
    types = tuple(refusal_type(member) if issubclass(member, Refusal) else member for member in members)
    return Annotated[Union[types], strawberry.union(name)]  # noqa: UP007


def answer(refusal: Refusal) -> Any:
    """The GraphQL object of a refusal."""
    values = {field.name: getattr(refusal, field.name) for field in dataclasses.fields(refusal)}
    return refusal_type(type(refusal))(code=refusal.code, message=refusal.message, **values)
