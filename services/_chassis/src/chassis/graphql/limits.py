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
MAX_SELECTIONS = 2000
"""Fields, spreads and inline fragments, with fragments unfolded wherever they are spread."""
MAX_JSON_DEPTH = 64
"""Objects and lists within each other in the whole body: `variables`, `extensions` and what nobody reads."""
MAX_REPEATS = 60
"""How often one field with a selection may stand in a document: the engine compares each with each."""


class Weight(NamedTuple):
    """What a selection adds up to."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    selections: int = 0

    def over(self, inner: "Weight") -> "Weight":
        """With what is selected below."""
        return Weight(*(mine + below for mine, below in zip(self, inner, strict=True)))


@dataclass(slots=True)
class _Scales:
    fragments: dict[str, FragmentDefinitionNode]
    known: dict[str, Weight] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)

    def weigh(self, selection: SelectionNode) -> Weight:
        own = Weight(0, 0, len(selection.directives or ()), 1)
        if isinstance(selection, FragmentSpreadNode):
            return own.over(self.fragment(selection.name.value))
        if isinstance(selection, FieldNode):
            own = own._replace(aliases=int(selection.alias is not None))
            if selection.selection_set is None:
                return own
            inner = self.weigh_all(selection.selection_set)
            if selection.name.value.startswith("__"):
                return own.over(inner)._replace(depth=0)
            self.names[selection.name.value] += 1
            return own._replace(depth=1).over(inner)
        return own.over(self.weigh_all(selection.selection_set))  # type: ignore[attr-defined]  # inline fragment

    def weigh_all(self, selections: SelectionSetNode) -> Weight:
        weights = [self.weigh(selection) for selection in selections.selections]
        return Weight(
            max((weight.depth for weight in weights), default=0),
            sum(weight.aliases for weight in weights),
            sum(weight.directives for weight in weights),
            sum(weight.selections for weight in weights),
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
    unfolded = [scales.fragment(name).selections for name in fragments]
    depth = max((weight.depth for weight in operations), default=0)
    aliases = sum(weight.aliases for weight in operations)
    directives = sum(weight.directives for weight in operations)
    directives += sum(len(definition.directives or ()) for definition in document.definitions)  # type: ignore[attr-defined, misc]
    # A fragment that no operation spreads is compared and walked by validation all the same.
    selections = max(sum(weight.selections for weight in operations), *unfolded, 0)
    repeats = max(scales.names.values(), default=0)
    for what, count, allowed in (
        ("depth", depth, MAX_DEPTH),
        ("aliases", aliases, MAX_ALIASES),
        ("directives", directives, MAX_DIRECTIVES),
        ("selections", selections, MAX_SELECTIONS),
        ("repetitions of one field", repeats, MAX_REPEATS),
    ):
        if count > allowed:
            yield f"The document's {what}: {min(count, 10_000)}, allowed: {allowed}."
