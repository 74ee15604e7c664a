"""How expensive a document may be: what the gateway refuses, a subgraph refuses too.

Measured in one walk that looks at each fragment once, however often it is spread: a document of
a thousand tokens can spell 2^100 fields.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

MAX_TOKENS = 1500
MAX_DEPTH = 12
"""Fields within fields, fragments unfolded; `{a{b{c}}}` is 2 deep. Introspection has the engine's own limit."""
MAX_ALIASES = 30
"""With fragments unfolded."""
MAX_DIRECTIVES = 50
"""With fragments unfolded."""
MAX_REPEATS = 60
"""How often one field with a selection may stand in a document: the engine compares each with each."""


class Weight(NamedTuple):
    """What a selection adds up to."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0


@dataclass(slots=True)
class _Scales:
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Weight] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)

    def weigh(self, selection: SelectionNode) -> Weight:
        directives = len(selection.directives or ())
        if isinstance(selection, FragmentSpreadNode):
            inner = self.fragment(selection.name.value)
            return inner._replace(directives=inner.directives + directives)
        if isinstance(selection, FieldNode):
            alias = int(selection.alias is not None)
            if selection.selection_set is None or selection.name.value.startswith("__"):
                return Weight(0, alias, directives)
            self.names[selection.name.value] += 1
            inner = self.weigh_all(selection.selection_set)
            return Weight(inner.depth + 1, inner.aliases + alias, inner.directives + directives)
        inner = self.weigh_all(selection.selection_set)  # type: ignore[attr-defined]  # inline fragment
        return inner._replace(directives=inner.directives + directives)

    def weigh_all(self, selections: SelectionSetNode) -> Weight:
        weights = [self.weigh(selection) for selection in selections.selections]
        return Weight(
            max((weight.depth for weight in weights), default=0),
            sum(weight.aliases for weight in weights),
            sum(weight.directives for weight in weights),
        )

    def fragment(self, name: str) -> Weight:
        if name not in self.known:
            # Cycles and unknown names weigh nothing here; validation refuses them by name.
            self.known[name] = Weight()
            if (definition := self.fragments.get(name)) is not None:
                self.known[name] = self.weigh_all(definition.selection_set)
        return self.known[name]


def excesses(document: DocumentNode) -> Iterator[str]:
    """A sentence for each limit that the document exceeds."""
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    scales = _Scales(fragments)
    operations = [
        scales.weigh_all(definition.selection_set)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    for name in fragments:
        scales.fragment(name)
    depth = max((weight.depth for weight in operations), default=0)
    aliases = sum(weight.aliases for weight in operations)
    directives = sum(weight.directives for weight in operations)
    directives += sum(len(definition.directives or ()) for definition in document.definitions)  # type: ignore[attr-defined, misc]
    repeats = max(scales.names.values(), default=0)
    for what, count, allowed in (
        ("depth", depth, MAX_DEPTH),
        ("aliases", aliases, MAX_ALIASES),
        ("directives", directives, MAX_DIRECTIVES),
        ("repetitions of one field", repeats, MAX_REPEATS),
    ):
        if count > allowed:
            yield f"The document's {what}: {min(count, 10_000)}, allowed: {allowed}."
