"""Things found again by their ids alone, whichever subgraph has them (Relay's server specification).

One subgraph has `node` and `nodes`. Of what others own it knows the types by name and nothing more: it gives a stub,
which holds the thing's id under a key that clients never see, `nodeId`. So for `id`, as for every other field, the
router has to ask the owner, by `resolve_reference`: it judges who may see the thing, and null is null whether there
is no such thing or not for this viewer. A stub that had an `id` would be there for whatever anybody made up.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.cursors import MAX_PAGE
from chassis.graphql.context import Info
from chassis.graphql.errors import ApiError, ErrorCode
from chassis.graphql.global_ids import read_global_id
from chassis.graphql.judged import Judging

KEYS: Final = ["id", "nodeId"]
"""The keys of a type that `node` finds in another subgraph."""


@strawberry.interface(description="Whatever has an identifier of its own, found again by it.")
class Node:
    id: strawberry.ID


def _own_id(root: Any) -> strawberry.ID:
    id_: strawberry.ID = root.id
    return id_


def node_id(extensions: Sequence[FieldExtension] = ()) -> Any:
    """The field `nodeId` of a type with `keys=KEYS`: `node_id: strawberry.ID = node_id()`."""
    return strawberry.federation.field(resolver=_own_id, inaccessible=True, extensions=list(extensions))


Find = Callable[[Info, UUID], Awaitable[Node | None]]
"""A thing by its id, for whoever may see it; None for anybody else, and when there is none."""

J = TypeVar("J", bound="JudgedNode")


class JudgedNode(Judging, Protocol):
    id: strawberry.ID


async def seen(info: Info, found: J | None) -> J | None:
    """What the viewer may see of what was found: all or nothing."""
    return found if found is not None and await found.may_be_seen(info) else None


class Nodes:
    """Finds what `own` finds, by the name of its type, and stands in for the `foreign` types of other subgraphs."""

    def __init__(self, own: Mapping[str, Find], foreign: Iterable[str]) -> None:
        self._own = own
        self._stubs = {name: _stub(name) for name in foreign}

    @property
    def stubs(self) -> Sequence[type[Any]]:
        """To be listed among the `types` of the schema: no field leads to them."""
        return list(self._stubs.values())

    async def find(self, info: Info, id_: strawberry.ID) -> Node | None:
        """Null when there is nothing of that id for the viewer. Raises ApiError BAD_INPUT when it is none of ours."""
        if (named := read_global_id(id_)) is None:
            raise ApiError(ErrorCode.BAD_INPUT, "Un identifiant se redonne tel qu’il a été reçu.")
        type_name, plain = named
        if (stub := self._stubs.get(type_name)) is not None:
            node: Node = stub(id=strawberry.ID(str(plain)), node_id=strawberry.ID(str(plain)))
            return node
        find = self._own.get(type_name)
        return None if find is None else await find(info, plain)

    async def find_each(self, info: Info, ids: Sequence[strawberry.ID]) -> list[Node | None]:
        """In the order of `ids`; one that is none of ours is null, with an error of its own.

        Raises ApiError BAD_INPUT for more than a page of them.
        """
        if len(ids) > MAX_PAGE:
            raise ApiError(ErrorCode.BAD_INPUT, f"« ids » ne peut pas dépasser {MAX_PAGE} identifiants.")
        return [await self._found_or_why_not(info, id_) for id_ in ids]

    async def _found_or_why_not(self, info: Info, id_: strawberry.ID) -> Any:
        try:
            return await self.find(info, id_)
        except ApiError as error:
            return error  # the engine takes an error among the items of a list for that item's own


def _stub(name: str) -> type[Any]:
    def nothing(cls: type[Any], id: strawberry.ID) -> None:
        """Nobody finds a thing here who names it as a router names an entity."""

    fields = {
        "__annotations__": {"id": strawberry.ID, "node_id": strawberry.ID},
        "id": strawberry.federation.field(external=True),
        "node_id": strawberry.federation.field(inaccessible=True),
        "resolve_reference": classmethod(nothing),
    }
    return strawberry.federation.type(
        type(name, (Node,), fields),
        keys=[Key(fields=FieldSet("nodeId"), resolvable=False)],
        description="A thing of another context, by its identifier.",
    )
