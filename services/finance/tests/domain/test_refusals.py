"""Every refusal has its own stable code and one French sentence with what the person needs to know."""

import inspect
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from chassis.refusals import Refusal
from finance.domain import refusals

SUMMER_EVENING = datetime(2026, 7, 15, 22, tzinfo=UTC)
EXAMPLES = {
    "status": "closed",
    "last_day": date(2026, 11, 14),
    "expected": date(2026, 11, 15),
    "cutoff": SUMMER_EVENING,
    "accepted_at": SUMMER_EVENING,
    "earliest": SUMMER_EVENING,
    "end": SUMMER_EVENING,
    "known_modified_at": SUMMER_EVENING,
    "country": "TN",
    "iban_country": "FR",
    "bic_country": "DE",
    "current_status": "accepted",
    "state": "rejected",
    "event": "accept",
    "matches": 2,
    "payment_ids": (9,),
    "rule_ids": (UUID(int=5),),
    "subcategories": ("ZUT",),
    "booked_cents": 100_00,
}
ALL = [
    kind
    for _, kind in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(kind, Refusal) and kind is not Refusal
]


def example(kind: type[Refusal]) -> Refusal:
    return kind(**{name: EXAMPLES[name] for name in inspect.signature(kind).parameters})


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_refusal_speaks(kind):
    message = example(kind).message
    assert message.endswith(".")
    assert message[0].isupper() or message[0].isdigit()
    assert kind.code == kind.code.upper()


def test_codes_are_unique():
    assert len({kind.code for kind in ALL}) == len(ALL)


def test_instants_are_told_in_paris():
    assert refusals.FortnightNotOver(SUMMER_EVENING).message == (
        "Cette quinzaine ne peut être clôturée qu'à partir du 16 juillet 2026 à 0 h 00 (heure de Paris)."
    )


def test_days_are_told_as_days():
    refusal = refusals.NotAFortnightEnd(date(2026, 11, 14), date(2026, 11, 15))
    assert refusal.message == (
        "Le 14/11/2026 n'est pas le dernier jour d'une quinzaine : celle-ci se termine le 15/11/2026."
    )
