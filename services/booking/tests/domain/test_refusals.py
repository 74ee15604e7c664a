"""The closed set: every refusal has a code of its own and a French sentence."""

from booking.domain import refusals as no
from booking.domain.french import euros, moment

from .builders import NOW, utc

ALL = [
    no.StockNotFound(),
    no.AccountSuspended(),
    no.OfferNotForMinors(),
    no.EducationalOffer(),
    no.CannotBookFreeOffers(),
    no.AlreadyBooked(),
    no.WrongQuantity(3, 2),
    no.StockNotBookable(),
    no.BookingClosed(NOW),
    no.SoldOut(0),
    no.InsufficientCredit(1, 2),
    no.DigitalCapReached(1, 2),
    no.PhysicalCapReached(1, 2),
    no.NoActivationCode(),
    no.BookingNotFound(),
    no.AlreadyCancelled(),
    no.FirmBooking(NOW),
    no.NotToBeCancelled(),
    no.ContremarqueNotFound(),
    no.ReimbursementStarted(),
    no.AlreadyUsed(),
    no.CancelledBooking(),
    no.NotConfirmedBySchool(),
    no.NotUsableYet(NOW, "Europe/Paris"),
    no.NotUsedYet(),
    no.ActivationCodeGivenOut(),
]


def test_the_set_is_closed_and_codes_are_unique() -> None:
    declared = {
        cls.__name__
        for cls in vars(no).values()
        if isinstance(cls, type) and cls.__mro__[1] is no.BookingRefusal
    }
    assert {type(refusal).__name__ for refusal in ALL} == declared
    assert len({refusal.code for refusal in ALL}) == len(ALL)


def test_every_refusal_speaks() -> None:
    for refusal in ALL:
        assert refusal.message.endswith(".")
        assert refusal.message[0].isupper()


def test_sentences_agree_in_number() -> None:
    assert no.SoldOut(1).message == "Il ne reste que 1 place pour cette offre."
    assert no.SoldOut(2).message == "Il ne reste que 2 places pour cette offre."
    assert "qu'une place" in no.WrongQuantity(2, 1).message
    assert "au moins une" in no.WrongQuantity(0, None).message
    assert "de 1 à 2" in no.WrongQuantity(3, 2).message


def test_amounts_and_instants_in_french() -> None:
    assert (euros(1250), euros(300_00), euros(5)) == ("12,50 €", "300 €", "0,05 €")
    assert moment(utc(2026, 8, 1, 22, 5)) == "2 août 2026 à 0 h 05"
    assert moment(utc(2026, 8, 1, 22, 5), "America/Cayenne") == "1 août 2026 à 19 h 05"
