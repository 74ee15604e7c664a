"""A decision is an ordered tuple of small pure rules; the first refusal wins."""

from collections.abc import Callable, Iterable
from typing import ParamSpec

from chassis.refusals import Refusal

P = ParamSpec("P")


def first_refusal(
    rules: Iterable[Callable[P, Refusal | None]], *args: P.args, **kwargs: P.kwargs
) -> Refusal | None:
    """Ask each rule in order; return the first refusal, or None when every rule is content."""
    for rule in rules:
        refusal = rule(*args, **kwargs)
        if refusal is not None:
            return refusal
    return None
