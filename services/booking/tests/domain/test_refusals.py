"""The closed set: every refusal has a code of its own and a French sentence."""

import pytest

from booking.domain import refusals
from booking_support.builders import NOW, utc
from chassis.french import moment

ALL = [
    refusals.StockNotFound(),
    refusals.AccountSuspended(),
    refusals.OfferNotForMinors(),
    refusals.EducationalOffer(),
    refusals.CannotBookFreeOffers(),
    refusals.OwnStructureOffer(),
    refusals.AlreadyBooked(),
    refusals.WrongQuantity(3, 2),
    refusals.StockNotBookable(),
    refusals.BookingClosed(NOW, "Europe/Paris"),
    refusals.SoldOut(0),
    refusals.InsufficientCredit(1, 2),
    refusals.DigitalCapReached(1, 2),
    refusals.PhysicalCapReached(1, 2),
    refusals.NoActivationCode(),
    refusals.BookingNotFound(),
    refusals.AlreadyCancelled(),
    refusals.FirmBooking(NOW, "Europe/Paris"),
    refusals.NotToBeCancelled(),
    refusals.NotCancelled(),
    refusals.CreditExpired(NOW, "Europe/Paris"),
    refusals.ContremarqueNotFound(),
    refusals.StructureClosed(),
    refusals.ReimbursementStarted(),
    refusals.AlreadyUsed(),
    refusals.CancelledBooking(),
    refusals.NotConfirmedBySchool(),
    refusals.NotUsableYet(NOW, "Europe/Paris"),
    refusals.NotUsedYet(),
    refusals.ActivationCodeGivenOut(),
]


def test_the_set_is_closed_and_codes_are_unique() -> None:
    declared = {
        cls.__name__
        for cls in vars(refusals).values()
        if isinstance(cls, type) and cls.__mro__[1] is refusals.BookingRefusal
    }
    assert {type(refusal).__name__ for refusal in ALL} == declared
    assert len({refusal.code for refusal in ALL}) == len(ALL)


def test_every_refusal_speaks() -> None:
    for refusal in ALL:
        assert refusal.message.endswith(".")
        assert refusal.message[0].isupper()


def test_sentences_agree_in_number() -> None:
    assert refusals.SoldOut(1).message == "Il ne reste que 1 place pour cette offre."
    assert refusals.SoldOut(2).message == "Il ne reste que 2 places pour cette offre."
    assert "qu'une place" in refusals.WrongQuantity(2, 1).message
    assert "au moins une" in refusals.WrongQuantity(0, None).message
    assert "de 1 à 2" in refusals.WrongQuantity(3, 2).message


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/Cayenne", "1 août 2026 à 19 h 05 (heure de la Guyane)"),
        ("Indian/Reunion", "2 août 2026 à 2 h 05 (heure de La Réunion)"),
        ("Pacific/Noumea", "2 août 2026 à 9 h 05 (heure de la Nouvelle-Calédonie)"),
        ("America/Miquelon", "1 août 2026 à 20 h 05 (heure de Saint-Pierre-et-Miquelon)"),
    ],
)
def test_overseas_the_hour_is_the_venues_and_named(zone: str, shown: str) -> None:
    assert moment(utc(2026, 8, 1, 22, 5), zone) == shown
    for refusal in (
        refusals.BookingClosed(utc(2026, 8, 1, 22, 5), zone),
        refusals.FirmBooking(utc(2026, 8, 1, 22, 5), zone),
        refusals.NotUsableYet(utc(2026, 8, 1, 22, 5), zone),
        refusals.CreditExpired(utc(2026, 8, 1, 22, 5), zone),
    ):
        assert shown in refusal.message
