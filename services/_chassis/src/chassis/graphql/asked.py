"""What an operation asks for, in words worth a line of the security log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.utilities import value_from_ast_untyped

from chassis.graphql.global_ids import read_global_id

_NO_SUBJECTS: Final = frozenset({"idempotencyKey"})
_UUID_CHARACTERS: Final = 36
_LONGEST_ID: Final = 100


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation of a valid document asks for."""

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]

    def acts(self) -> frozenset[str]:
        """The names of its root fields, those in fragments too."""
        return frozenset(field.name.value for field in self._fields())

    def subjects(self) -> Iterator[UUID]:
        """The ids among the arguments of its root fields."""
        for field in self._fields():
            for argument in field.arguments or ():
                if argument.name.value not in _NO_SUBJECTS:
                    yield from _ids(value_from_ast_untyped(argument.value, dict(self.variables)))

    def _fields(self) -> Iterator[FieldNode]:
        fragments = {
            each.name.value: each
            for each in self.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        yield from _root_fields(self.operation.selection_set, fragments, set())


def _root_fields(
    selected: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[FieldNode]:
    for each in selected.selections:
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            yield from _root_fields(each.selection_set, fragments, seen)
        elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
            seen.add(each.name.value)
            yield from _root_fields(fragments[each.name.value].selection_set, fragments, seen)


def _ids(value: Any) -> Iterator[UUID]:
    if isinstance(value, str):
        if (found := _id(value)) is not None:
            yield found
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _NO_SUBJECTS:
                yield from _ids(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _ids(each)


def _id(value: str) -> UUID | None:
    """The UUID that this text is, bare or global; None for what is something else."""
    if len(value) == _UUID_CHARACTERS:
        try:
            return UUID(value)
        except ValueError:
            return None
    named = read_global_id(value) if len(value) < _LONGEST_ID else None
    return named[1] if named else None
