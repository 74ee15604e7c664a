"""Whether an offer goes live at once or waits for the team (domain.md §3.2, §6.2).

The score of an offer starts at 1 and is multiplied by the factor of every rule whose
conditions all hold; below the configured minimum (strictly) a person has to look at it.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from catalog.domain.refusals.offer import ValidationMoveNotAllowed


class OfferValidation(StrEnum):
    DRAFT = "DRAFT"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


def _contains(value: Any, wanted: Collection[str]) -> bool:
    text = str(value).casefold()
    return any(word.casefold() in text for word in wanted)


def _contains_exact(value: Any, wanted: Collection[str]) -> bool:
    words = str(value).casefold().split()
    return any(word.casefold() in words for word in wanted)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "in": lambda value, wanted: value in wanted,
    "not in": lambda value, wanted: value not in wanted,
    "contains": _contains,
    "contains-exact": _contains_exact,
}
"""`contains` looks for parts of the text, `contains-exact` for whole words; both ignore case."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`attribute` names a fact of the offer, its venue or its structure: `offer.name`, `structure.siren`."""

    attribute: str
    operator: str
    wanted: Any

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise ValueError(f"unknown operator {self.operator!r}")

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """A fact that is missing or None never compares, except by `is`, `==` and `!=`."""
        value = facts.get(self.attribute)
        if value is None and self.operator not in ("is", "==", "!="):
            return False
        return OPERATORS[self.operator](value, self.wanted)


@dataclass(frozen=True, slots=True)
class ScoreRule:
    name: str
    factor: Decimal
    conditions: tuple[Condition, ...]

    def matches(self, facts: Mapping[str, Any]) -> bool:
        return all(condition.holds(facts) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class ValidationConfiguration:
    minimum_score: Decimal
    rules: tuple[ScoreRule, ...]


def score(configuration: ValidationConfiguration, facts: Mapping[str, Any]) -> Decimal:
    """1 × the factor of each rule that matches."""
    total = Decimal(1)
    for rule in configuration.rules:
        if rule.matches(facts):
            total *= rule.factor
    return total


def first_validation(
    configuration: ValidationConfiguration | None, facts: Mapping[str, Any]
) -> OfferValidation:
    """The verdict on a draft: APPROVED without a configuration or at the minimum and above, else PENDING."""
    if configuration is None or score(configuration, facts) >= configuration.minimum_score:
        return OfferValidation.APPROVED
    return OfferValidation.PENDING


TEAM_MOVES = frozenset(
    {
        (OfferValidation.PENDING, OfferValidation.APPROVED),
        (OfferValidation.PENDING, OfferValidation.REJECTED),
    }
)
"""The verdicts that the team may give; everything else is refused."""


def check_team_verdict(current: OfferValidation, wanted: OfferValidation) -> ValidationMoveNotAllowed | None:
    """Only an offer that waits can be accepted or refused; a refusal is final."""
    return None if (current, wanted) in TEAM_MOVES else ValidationMoveNotAllowed(current.value, wanted.value)


def is_active_after(validation: OfferValidation) -> bool:
    """PENDING and REJECTED switch an offer off, APPROVED switches it on."""
    return validation is OfferValidation.APPROVED
