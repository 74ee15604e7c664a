"""What every refusal of the catalogue owes to a person and to a machine."""

import dataclasses
import inspect
import typing
from datetime import UTC, datetime

import pytest

from catalog.domain.refusals import image, offer, stock, venue
from chassis.departments import TIMEZONES
from chassis.french import CLOCKS, euros, moment
from chassis.refusals import Refusal

ALL = [
    member
    for module in (venue, offer, stock, image)
    for _, member in inspect.getmembers(module, inspect.isclass)
    if issubclass(member, Refusal) and member is not Refusal
]
EXAMPLES = {
    str: "exemple",
    int: 12,
    float: 1.5,
    datetime: datetime(2026, 11, 3, 9, 5, tzinfo=UTC),
    tuple[str, ...]: ("audio", "visual"),
}


def example(refusal: type[Refusal]) -> Refusal:
    hints = typing.get_type_hints(refusal)
    values = {}
    for field in dataclasses.fields(refusal):
        if field.default is not dataclasses.MISSING:
            continue
        hint = hints[field.name]
        choices = typing.get_args(hint) if hint not in EXAMPLES else (hint,)
        values[field.name] = EXAMPLES[choices[0]]
    return refusal(**values)


def test_codes_are_unique_and_follow_the_name():
    codes = [refusal.code for refusal in ALL]
    assert len(set(codes)) == len(codes)
    for refusal in ALL:
        assert refusal.code.replace("_", "").lower() == refusal.__name__.lower()


def test_each_tells_programmers_what_it_means():
    assert [refusal.code for refusal in ALL if (refusal.__doc__ or "").startswith(refusal.__name__)] == []


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.code)
def test_each_says_one_french_sentence(refusal):
    message = example(refusal).message
    assert message[0].isupper()
    assert message.endswith(".")


def test_amounts_and_instants_are_worded_for_people():
    assert stock.PriceTooHigh(300_01, 300_00).message == "Le prix d'une offre ne peut excéder 300 €."
    assert stock.PriceTooHigh(2, 12_50).message == "Le prix d'une offre ne peut excéder 12,50 €."
    there = stock.PriceTooHigh(200_01, 200_00, 23_865).message
    assert there == "Le prix d'une offre ne peut excéder 23 865 F CFP (200 €)."
    assert [euros(cents) for cents in (-12_50, -1, 0, 1, 99, 1_00)] == [
        "-12,50 €",
        "-0,01 €",
        "0 €",
        "0,01 €",
        "0,99 €",
        "1 €",
    ]
    too_late = stock.TooLateToDeleteStock(datetime(2026, 11, 3, 9, 5, tzinfo=UTC))
    assert too_late.message == "Ce stock ne peut plus être supprimé depuis le 3 novembre 2026 à 10 h 05."
    late = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)
    overseas = stock.TooLateToDeleteStock(late, "Indian/Reunion")
    assert "3 novembre 2026 à 23 h 30 (heure de La Réunion)" in overseas.message
    assert (
        "3 novembre 2026 à 15 h 30 (heure de la Guadeloupe)"
        in stock.DateInPast("x", late, "America/Guadeloupe").message
    )
    assert "4 novembre 2026 à 6 h 30 (heure de la Nouvelle-Calédonie)" in moment(late, "Pacific/Noumea")
    assert set(TIMEZONES.values()) == set(CLOCKS), "every clock overseas has a name"
    assert "1000000" in stock.InvalidQuantity(-1, 1_000_000).message
    assert stock.InvalidQuantity(-1, None).message == "La quantité doit être positive ou nulle."
