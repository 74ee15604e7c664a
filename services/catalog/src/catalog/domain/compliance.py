"""Whether an offer goes live at once or waits for the team (domain.md §3.2, §6.2).

Until 2022 the score of an offer starts at 1 and is multiplied by the factor of every rule
whose conditions all hold; below the configured minimum (strictly) a person has to look at it.
Since then any rule that holds is enough, unless the team trusts the structure or the venue.
"""

import operator
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
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


def _intersects(value: Any, wanted: Collection[Any]) -> bool:
    each_wanted = _plain(wanted)
    return any(_plain(each) in each_wanted for each in value)


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
    "intersects": _intersects,
    "not intersects": lambda value, wanted: not _intersects(value, wanted),
}
"""`contains` looks for parts of the text, `contains-exact` for whole words. The two last compare
a fact that is a list with a list. Accents and case never matter (M:custom_logic)."""

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


class Confidence(StrEnum):
    """What the team has decided for every offer of a structure or of a venue."""

    WHITE_LIST = "WHITE_LIST"
    MANUAL_REVIEW = "MANUAL_REVIEW"


Verdict = Callable[
    [ValidationConfiguration | None, Mapping[str, Any], Collection[Confidence]], OfferValidation
]


def _by_score(
    configuration: ValidationConfiguration | None,
    facts: Mapping[str, Any],
    confidence: Collection[Confidence],
) -> OfferValidation:
    if configuration is None or score(configuration, facts) >= configuration.minimum_score:
        return OfferValidation.APPROVED
    return OfferValidation.PENDING


def _by_confidence_and_rules(
    configuration: ValidationConfiguration | None,
    facts: Mapping[str, Any],
    confidence: Collection[Confidence],
) -> OfferValidation:
    if Confidence.WHITE_LIST in confidence:
        return OfferValidation.APPROVED
    rules = () if configuration is None else configuration.rules
    if Confidence.MANUAL_REVIEW in confidence or any(rule.matches(facts) for rule in rules):
        return OfferValidation.PENDING
    return OfferValidation.APPROVED


FIRST_VERDICTS: DatedTable[Verdict] = DatedTable(
    name="how a draft is judged",
    keyed_by="instant of the publication",
    rows=(
        row(BEGINNING, _by_score, source="A:core/offers/api.py; domain.md §3.2, §6.2"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            _by_confidence_and_rules,
            source="M:core/offers/api.py set_offer_status_based_on_fraud_criteria (case Q06)",
            note="the source says 2022 or later; factors and the minimum play no part any more",
        ),
    ),
)


def first_validation(
    configuration: ValidationConfiguration | None,
    facts: Mapping[str, Any],
    now: datetime,
    confidence: Collection[Confidence] = (),
) -> OfferValidation:
    """The verdict on a draft, by the edition in force; APPROVED without a configuration.

    `confidence` holds what was decided for its structure and for its venue: since 2022 a white
    list wins over everything, a manual review over the rules.
    """
    return FIRST_VERDICTS.at(now)(configuration, facts, confidence)


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
