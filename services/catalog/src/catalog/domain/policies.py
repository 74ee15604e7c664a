"""A decision is an ordered tuple of small pure rules; the first refusal wins."""

from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
"""A closed set of refusals, or None."""


def first_refusal(rules: Iterable[Callable[P, R]], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Ask each rule in order; return the first refusal, or None when every rule is content."""
    for rule in rules:
        refusal = rule(*args, **kwargs)
        if refusal is not None:
            return refusal
    return None
