"""A form with one thing wrong is refused for that very reason, and nothing is written."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from .asking import Asker
from .forms import FORMS, in_days
from .ids import nothing
from .world import World

pytestmark = pytest.mark.platform

LONG = "x" * 10_000
MAILS_TO_OTHERS = "anne@lieu.example\nBcc: victime@ailleurs.example"
PAST = "2020-01-01T00:00:00Z"


class Wrong(NamedTuple):
    form: str
    fields: Mapping[str, Any]
    refused_as: str


NUMBERS = {
    "a SIREN with a wrong key": Wrong("signUpPro", {"siren": "123456789"}, "INVALID_SIREN"),
    "a SIREN of letters": Wrong("signUpPro", {"siren": "ABCDEFGHI"}, "INVALID_SIREN"),
    "a SIREN of other digits": Wrong("signUpPro", {"siren": "１２３４５６７８９"}, "INVALID_SIREN"),
    "a SIREN too short": Wrong("signUpPro", {"siren": "12345678"}, "INVALID_SIREN"),
    "no SIREN": Wrong("signUpPro", {"siren": ""}, "INVALID_SIREN"),
    "a second structure's wrong SIREN": Wrong("joinStructure", {"siren": "123456789"}, "INVALID_SIREN"),
    "a SIRET with a wrong key": Wrong("createVenue", {"siret": "12345678901234"}, "INVALID_SIRET"),
    "an id for a SIRET": Wrong("createVenue", {"siret": "$structure"}, "INVALID_SIRET"),
    "another company's SIRET": Wrong("createVenue", {"siret": "73282932000074"}, "SIRET_NOT_OF_STRUCTURE"),
    "an ISBN with a wrong key": Wrong("createOffer", {"isbn": "9782070368229"}, "INVALID_ISBN"),
    "no ISBN": Wrong("createOffer", {"isbn": ""}, "ISBN_REQUIRED"),
    "an IBAN with a wrong key": Wrong(
        "submitBankAccount", {"iban": "FR7630002005500314112204196"}, "INVALID_IBAN"
    ),
    "no IBAN": Wrong("submitBankAccount", {"iban": ""}, "INVALID_IBAN"),
    "an IBAN out of reach": Wrong(
        "submitBankAccount", {"iban": "PK36SCBL0000001123456702"}, "IBAN_OUTSIDE_SEPA"
    ),
    "a BIC too short": Wrong("submitBankAccount", {"bic": "XX"}, "INVALID_BIC"),
    "a BIC of no country": Wrong("submitBankAccount", {"bic": "CRLYZZPP"}, "INVALID_BIC"),
    "no BIC": Wrong("submitBankAccount", {"bic": ""}, "INVALID_BIC"),
    "a phone too short": Wrong("signUpPro", {"phone": "123"}, "INVALID_PHONE"),
    "a postal code too short": Wrong("signUp", {"postalCode": "3400"}, "INVALID_POSTAL_CODE"),
    "a postal code of letters": Wrong("createVenue", {"postalCode": "ABCDE"}, "INVALID_POSTAL_CODE"),
    "an unknown town": Wrong("createVenue", {"city": "Nullepart", "postalCode": "34999"}, "UNKNOWN_TOWN"),
    "a latitude beyond the pole": Wrong(
        "createVenue", {"latitude": 91.0, "longitude": 0.0}, "INVALID_COORDINATES"
    ),
    "half a position": Wrong("createVenue", {"latitude": 43.6}, "INVALID_COORDINATES"),
}

STRANGERS = {
    "another's structure for a venue": Wrong(
        "createVenue", {"structureId": "$otherStructure"}, "STRUCTURE_NOT_FOUND"
    ),
    "no structure for a venue": Wrong(
        "createVenue", {"structureId": nothing("Structure")}, "STRUCTURE_NOT_FOUND"
    ),
    "a malformed structure": Wrong("createVenue", {"structureId": "1"}, "BAD_INPUT"),
    "another's venue": Wrong("createOffer", {"venueId": "$otherVenue"}, "VENUE_NOT_FOUND"),
    "no venue": Wrong("createOffer", {"venueId": nothing("Venue")}, "VENUE_NOT_FOUND"),
    "a malformed venue": Wrong("createOffer", {"venueId": ""}, "BAD_INPUT"),
    "dates for another's concert": Wrong("addStocks", {"offerId": "$otherConcert"}, "OFFER_NOT_FOUND"),
    "dates for no concert": Wrong("addStocks", {"offerId": nothing("Offer")}, "OFFER_NOT_FOUND"),
    "copies of another's book": Wrong("addThingStock", {"offerId": "$otherBook"}, "OFFER_NOT_FOUND"),
    "another's stock": Wrong("updateStock", {"stockId": "$otherSeat"}, "STOCK_NOT_FOUND"),
    "publishing another's concert": Wrong("publishOffer", {"offerId": "$otherConcert"}, "OFFER_NOT_FOUND"),
    "another's bank account": Wrong("submitBankAccount", {"structureId": "$otherStructure"}, "FORBIDDEN"),
    "a bank account of nobody": Wrong(
        "submitBankAccount", {"structureId": nothing("Structure")}, "FORBIDDEN"
    ),
    "booking nothing": Wrong("bookOffer", {"stockId": nothing("Stock")}, "STOCK_NOT_FOUND"),
    "booking an offer for a stock": Wrong("bookOffer", {"stockId": "$concert"}, "BAD_INPUT"),
    "booking a draft": Wrong("bookOffer", {"stockId": "$draft"}, "BAD_INPUT"),
    "the UUID behind a stock": Wrong("bookOffer", {"stockId": str(UUID(int=1))}, "BAD_INPUT"),
    "a malformed stock": Wrong("bookOffer", {"stockId": "x"}, "BAD_INPUT"),
    "a null byte for a stock": Wrong("bookOffer", {"stockId": "\0"}, "BAD_INPUT"),
    "cancelling another's booking": Wrong("cancelBooking", {"bookingId": "$booking"}, "BOOKING_NOT_FOUND"),
    "cancelling nothing": Wrong("cancelBooking", {"bookingId": nothing("Booking")}, "BOOKING_NOT_FOUND"),
    "a malformed booking": Wrong("cancelBooking", {"bookingId": "zz"}, "BAD_INPUT"),
}

SEATS = {"startsAt": in_days(30), "bookingLimitAt": in_days(29), "quantity": 10}

AMOUNTS_AND_DATES = {
    "a negative price": Wrong("addThingStock", {"priceCents": -1}, "NEGATIVE_PRICE"),
    "a price over 300 €": Wrong("addThingStock", {"priceCents": 30_001}, "PRICE_TOO_HIGH"),
    "a negative tariff": Wrong("addStocks", {"priceCategories": [{"priceCents": -1}]}, "NEGATIVE_PRICE"),
    "a tariff over 300 €": Wrong(
        "addStocks", {"priceCategories": [{"priceCents": 30_001}]}, "PRICE_TOO_HIGH"
    ),
    "two tariffs of one name": Wrong(
        "addStocks",
        {"priceCategories": [{"label": "a", "priceCents": 1}, {"label": "a", "priceCents": 2}]},
        "DUPLICATE_PRICE_CATEGORY",
    ),
    "no tariff": Wrong("addStocks", {"priceCategories": []}, "NO_STOCK_TO_ADD"),
    "no date": Wrong("addStocks", {"dates": []}, "NO_STOCK_TO_ADD"),
    "negative copies": Wrong("addThingStock", {"quantity": -1}, "INVALID_QUANTITY"),
    "two million copies": Wrong("addThingStock", {"quantity": 2_000_000}, "INVALID_QUANTITY"),
    "fewer places than booked": Wrong(
        "updateStock", {"stockId": "$seat", "priceCents": 1_250, "quantity": 0}, "QUANTITY_BELOW_BOOKED"
    ),
    "no place": Wrong("bookOffer", {"quantity": 0}, "WRONG_QUANTITY"),
    "three places": Wrong("bookOffer", {"quantity": 3}, "WRONG_QUANTITY"),
    "minus one place": Wrong("bookOffer", {"quantity": -1}, "WRONG_QUANTITY"),
    "a concert in the past": Wrong(
        "addStocks", {"dates": [{**SEATS, "startsAt": PAST, "bookingLimitAt": PAST}]}, "DATE_IN_PAST"
    ),
    "booking that ends after the start": Wrong(
        "addStocks", {"dates": [{**SEATS, "bookingLimitAt": in_days(31)}]}, "BOOKING_LIMIT_AFTER_START"
    ),
    "booking that ended long ago": Wrong("addThingStock", {"bookingLimitAt": PAST}, "DATE_IN_PAST"),
    "copies of a concert": Wrong("addThingStock", {"offerId": "$concert"}, "START_REQUIRED"),
    "dates of a book": Wrong("addStocks", {"offerId": "$book"}, "START_NOT_ALLOWED"),
    "published in the past": Wrong("publishOffer", {"publishAt": PAST}, "PUBLICATION_IN_PAST"),
    "published far from now": Wrong(
        "publishOffer", {"publishAt": "2099-01-01T00:00:00Z"}, "PUBLICATION_TOO_FAR"
    ),
    "born tomorrow": Wrong("signUp", {"birthDate": "2099-01-01"}, "TOO_YOUNG"),
    "born a 30th of February": Wrong("signUp", {"birthDate": "2008-02-30"}, "BAD_INPUT"),
}

TEXTS = {
    "no first name": Wrong("signUp", {"firstName": ""}, "INVALID_NAME"),
    "blanks for a name": Wrong("signUp", {"lastName": " \t "}, "INVALID_NAME"),
    "10 000 characters for a name": Wrong("signUp", {"firstName": LONG}, "INVALID_NAME"),
    "a null byte for a name": Wrong("signUp", {"firstName": "\0"}, "INVALID_NAME"),
    "a name that only turns the line around": Wrong("signUp", {"firstName": "\u202e\u202c"}, "INVALID_NAME"),
    "a name of no width": Wrong("signUp", {"lastName": "\u200b\u00ad"}, "INVALID_NAME"),
    "a name without a letter": Wrong("signUpPro", {"firstName": "{{ 7 * 7 }}"}, "INVALID_NAME"),
    "a structure that nobody sees": Wrong("signUpPro", {"structureName": "\r\n\u2060"}, "INVALID_NAME"),
    "a structure of 10 000 characters": Wrong("signUpPro", {"structureName": LONG}, "INVALID_NAME"),
    "no address": Wrong("signUp", {"email": ""}, "MALFORMED_EMAIL"),
    "no at sign": Wrong("signUp", {"email": "anne"}, "MALFORMED_EMAIL"),
    "two addresses": Wrong(
        "signUp", {"email": "anne@lieu.example, victime@ailleurs.example"}, "MALFORMED_EMAIL"
    ),
    "a header in an address": Wrong("signUp", {"email": MAILS_TO_OTHERS}, "MALFORMED_EMAIL"),
    "a header in a pro's address": Wrong("signUpPro", {"email": MAILS_TO_OTHERS}, "MALFORMED_EMAIL"),
    "a header in a venue's address": Wrong(
        "createVenue", {"bookingEmail": MAILS_TO_OTHERS}, "INVALID_BOOKING_EMAIL"
    ),
    "a null byte for the start of an address": Wrong(
        "signUp", {"email": "\0@lieu.example"}, "MALFORMED_EMAIL"
    ),
    "an accent before the at sign": Wrong("signUp", {"email": "josé-1@exemple.fr"}, "MALFORMED_EMAIL"),
    "an accent in a venue's address": Wrong(
        "createVenue", {"bookingEmail": "reservé@lieu.example"}, "INVALID_BOOKING_EMAIL"
    ),
    "an address of 10 000 characters": Wrong("signUp", {"email": f"{LONG}@lieu.example"}, "MALFORMED_EMAIL"),
    "a weak password": Wrong("signUp", {"password": "motdepasse"}, "WEAK_PASSWORD"),
    "a venue without a name": Wrong("createVenue", {"name": ""}, "VENUE_FIELD_REQUIRED"),
    "a venue of 10 000 characters": Wrong("createVenue", {"name": LONG}, "VENUE_TEXT_TOO_LONG"),
    "an offer without a name": Wrong("createOffer", {"name": " "}, "INVALID_OFFER_NAME"),
    "an offer of no width": Wrong("createOffer", {"name": "\u200b"}, "INVALID_OFFER_NAME"),
    "an offer of 10 000 characters": Wrong("createOffer", {"name": LONG}, "INVALID_OFFER_NAME"),
    "a description of 100 000 characters": Wrong(
        "createOffer", {"description": LONG * 10}, "OFFER_TEXT_TOO_LONG"
    ),
    "an unknown sub-category": Wrong("createOffer", {"subcategoryId": "NOPE"}, "UNKNOWN_SUBCATEGORY"),
    "an address for a paper book": Wrong("createOffer", {"url": "https://a.example"}, "URL_NOT_ALLOWED"),
    "an address that is a program": Wrong(
        "createOffer",
        {"subcategoryId": "TELECHARGEMENT_MUSIQUE", "isbn": None, "url": "javascript:alert(1)"},
        "INVALID_URL",
    ),
    "a tariff without a name": Wrong(
        "addStocks", {"priceCategories": [{"label": "", "priceCents": 1}]}, "INVALID_PRICE_LABEL"
    ),
    "a tariff of 10 000 characters": Wrong(
        "addStocks", {"priceCategories": [{"label": LONG, "priceCents": 1}]}, "INVALID_PRICE_LABEL"
    ),
    "an account without a name": Wrong("submitBankAccount", {"label": "  "}, "BAD_INPUT"),
    "an account of 10 000 characters": Wrong("submitBankAccount", {"label": LONG}, "BAD_INPUT"),
}

WRONG = {**NUMBERS, **STRANGERS, **AMOUNTS_AND_DATES, **TEXTS}


@pytest.mark.parametrize("what", WRONG)
def test_refused_for_what_is_wrong_with_it(
    what: str, direct: Asker, world: World, nothing_written: None
) -> None:
    wrong = WRONG[what]
    form = FORMS[wrong.form]
    reply = direct.ask(form.document, world.who[form.by], **form.variables(world, wrong.fields))
    assert reply.verdict == wrong.refused_as
    assert "Traceback" not in str(reply.body)


@pytest.mark.parametrize("name", FORMS)
def test_the_form_without_the_wrong_thing_is_accepted(name: str, direct: Asker, world: World) -> None:
    """Else the refusals above would prove nothing."""
    form = FORMS[name]
    reply = direct.ask(form.document, world.who[form.by], **form.variables(world, {}))
    assert reply.verdict == "given", reply.body
