"""Whether an offer goes live at once or waits for the team (domain.md §3.2, §6.2).

The score of an offer starts at 1 and is multiplied by the factor of every rule whose
conditions all hold; below the configured minimum (strictly) a person has to look at it.
"""

import operator
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from catalog.domain.refusals.offer import ValidationMoveNotAllowed
from chassis.dated import BEGINNING, DatedTable, midnight, row


class OfferValidation(StrEnum):
    DRAFT = "DRAFT"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


FREEZING_VERDICTS = DatedTable(
    name="verdicts that freeze an offer and its stocks",
    keyed_by="instant of the edition",
    rows=(
        row(
            BEGINNING,
            frozenset({OfferValidation.PENDING, OfferValidation.REJECTED}),
            source="A:core/offers/validation.py; domain.md §3.2",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            frozenset({OfferValidation.REJECTED}),
            source="M:core/offers/validation.py check_validation_status",
            note="the source says 2022 or later: an offer that waits for the team may be corrected",
        ),
    ),
)


def _plain(value: Any) -> Any:
    """Texts without accents and case, also those in a list; everything else as it is."""
    if isinstance(value, str):
        letters = unicodedata.normalize("NFD", value.casefold())
        return "".join(letter for letter in letters if not unicodedata.combining(letter))
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value


def _contains(value: Any, wanted: Collection[str]) -> bool:
    text = _plain(str(value))
    return any(_plain(word) in text for word in wanted)


def _contains_exact(value: Any, wanted: Collection[str]) -> bool:
    words = _plain(str(value)).split()
    return any(_plain(word) in words for word in wanted)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": lambda value, wanted: _plain(value) == _plain(wanted),
    "!=": lambda value, wanted: _plain(value) != _plain(wanted),
    "is": operator.is_,
    "in": lambda value, wanted: _plain(value) in _plain(wanted),
    "not in": lambda value, wanted: _plain(value) not in _plain(wanted),
    "contains": _contains,
    "contains-exact": _contains_exact,
}
"""`contains` looks for parts of the text, `contains-exact` for whole words. Accents and case
never matter (M:custom_logic)."""

_SPEAKS_OF_NOTHING = ("is", "==", "!=", "in", "not in")
"""Operators that a missing fact can satisfy: None is in a list that holds None."""


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
        """A fact that is missing or None has no size and holds no word; the other operators take it as it is."""
        value = facts.get(self.attribute)
        if value is None and self.operator not in _SPEAKS_OF_NOTHING:
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
