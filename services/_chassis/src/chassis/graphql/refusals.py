"""Domain refusals as GraphQL types: each class becomes a member of `interface Refusal`, field for field."""

import dataclasses
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Union, get_args, get_type_hints

import strawberry

from chassis.graphql.scalars import Cents
from chassis.refusals import Refusal
from chassis.telemetry import refusals


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


def result_union(name: str, *members: Any) -> Any:
    """`union <name> = …` of success types and refusals; domain refusal classes are converted.

    A member may be a union itself: `BookOfferRefusal = StockNotFound | SoldOut` stands beside the use
    case, which returns nothing else (mypy), and is given here whole, so that both ends agree. Use it as
    `@strawberry.mutation(graphql_type=result_union("BookOfferResult", OfferBooked, BookOfferRefusal))`
    on a resolver that returns `object`, and give its result through `answer`.
    """
    types = tuple(
        refusal_type(member) if issubclass(member, Refusal) else member for member in _flat(members)
    )
    return Annotated[Union[types], strawberry.union(name)]  # noqa: UP007


def _flat(members: Iterable[Any]) -> list[type[Any]]:
    """Every class once, those of unions included, in the order in which they are first named."""
    flat: dict[type[Any], None] = {}
    for member in members:
        inner = get_args(member)
        flat.update(dict.fromkeys(_flat(inner) if inner else [member]))
    return list(flat)


def answer(refusal: Refusal) -> Any:
    """The GraphQL object of a refusal, whose code the request's log lines tell."""
    if (codes := refusals.get()) is not None:
        codes.append(refusal.code)
    values = {field.name: getattr(refusal, field.name) for field in dataclasses.fields(refusal)}
    return refusal_type(type(refusal))(code=refusal.code, message=refusal.message, **values)
