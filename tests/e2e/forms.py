"""Forms filled in rightly, of which a test spoils one field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local_platform.demo.acting import bookings, money, offers, people
from local_platform.demo.story.cast import Place, YoungPerson, new_isbn, siret_of

from .world import World

Fields = dict[str, Any]

CANCEL = """
mutation Cancel($bookingId: ID!, $key: UUID!) {
  cancelBooking(bookingId: $bookingId, idempotencyKey: $key) {
    ... on BookingCancelled { booking { id } }
    ... on Refusal { code message }
  }
}
"""
UPDATE_STOCK = """
mutation UpdateStock($input: UpdateStockInput!, $key: UUID!) {
  updateStock(input: $input, idempotencyKey: $key) {
    ... on StockUpdated { stock { id } }
    ... on Refusal { code message }
  }
}
"""
PUBLISH_AT = """
mutation PublishAt($offerId: ID!, $publishAt: DateTime, $key: UUID!) {
  publishOffer(offerId: $offerId, publishAt: $publishAt, idempotencyKey: $key) {
    ... on OfferPublished { offer { id } }
    ... on Refusal { code message }
  }
}
"""
JOIN_STRUCTURE = """
mutation Join($siren: String!, $structureName: String!, $key: UUID!) {
  joinStructure(siren: $siren, structureName: $structureName, idempotencyKey: $key) {
    ... on StructureJoined { attachment { id } }
    ... on Refusal { code message }
  }
}
"""


@dataclass(frozen=True)
class Form:
    """A mutation, who may send it, and how it is filled in; each time anew."""

    document: str
    by: str
    fill: Callable[[World], Fields]
    """Its fields: those of `input` where the document has one, else its variables."""

    def variables(self, world: World, spoilt: Mapping[str, Any]) -> Fields:
        """With these fields instead of the right ones; `$name` stands for a thing of the world."""
        fields = self.fill(world) | {name: _thing(world, value) for name, value in spoilt.items()}
        return {"input": fields} if "$input" in self.document else fields


def _thing(world: World, value: Any) -> Any:
    return world.of[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def in_days(days: int) -> str:
    """An instant so many days from now, in UTC."""
    return offers.instant(datetime.now(UTC) + timedelta(days=days))


def _somewhere() -> Place:
    return Place("Structure", "Lieu", "1 rue de la Loge", "34000", "Montpellier", "Anne", "Onyme")


def _sign_up_pro(_: World) -> Fields:
    place = _somewhere()
    return {
        "email": place.email,
        "password": place.password,
        "firstName": "Anne",
        "lastName": "Onyme",
        "phone": "0467000000",
        "siren": place.siren,
        "structureName": "Structure",
    }


def _sign_up(_: World) -> Fields:
    person = YoungPerson.of_age(18, datetime.now(UTC).date())
    return {
        "email": person.email,
        "password": person.password,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "birthDate": person.birth_date.isoformat(),
        "postalCode": "34000",
    }


def _venue(world: World) -> Fields:
    return {
        "structureId": world.of["structure"],
        "siret": siret_of(world.siren, 2),
        "name": "Deuxième lieu",
        "street": "1 rue de la Loge",
        "postalCode": "34000",
        "city": "Montpellier",
        "bookingEmail": "billetterie@lieu.example",
    }


def _offer(world: World) -> Fields:
    return {
        "venueId": world.of["venue"],
        "subcategoryId": "LIVRE_PAPIER",
        "name": "Un livre",
        "isbn": new_isbn(),
        "accessibility": offers.NO_ACCESSIBILITY,
    }


def _dates(world: World) -> Fields:
    return {
        "offerId": world.of["concert"],
        "priceCategories": [{"label": "Tarif jeune", "priceCents": 1_250}],
        "dates": [{"startsAt": in_days(30), "bookingLimitAt": in_days(29), "quantity": 10}],
    }


def _bank_account(world: World) -> Fields:
    place = _somewhere()
    return {
        "structureId": world.of["structure"],
        "label": "Compte courant",
        "iban": place.iban,
        "bic": place.bic,
    }


FORMS: Mapping[str, Form] = {
    "signUpPro": Form(people.SIGN_UP_PRO, "anonymous", _sign_up_pro),
    "signUp": Form(people.SIGN_UP, "anonymous", _sign_up),
    "joinStructure": Form(
        JOIN_STRUCTURE, "pro", lambda _: {"siren": _somewhere().siren, "structureName": "Une autre"}
    ),
    "createVenue": Form(offers.CREATE_VENUE, "pro", _venue),
    "createOffer": Form(offers.CREATE_OFFER, "pro", _offer),
    "addStocks": Form(offers.ADD_STOCKS, "pro", _dates),
    "addThingStock": Form(
        offers.ADD_THING_STOCK,
        "pro",
        lambda world: {"offerId": world.of["book"], "priceCents": 790, "quantity": 5},
    ),
    "updateStock": Form(
        UPDATE_STOCK, "pro", lambda world: {"stockId": world.of["bookStock"], "priceCents": 800}
    ),
    "publishOffer": Form(
        PUBLISH_AT, "pro", lambda world: {"offerId": world.of["concert"], "publishAt": in_days(1)}
    ),
    "submitBankAccount": Form(money.SUBMIT_BANK_ACCOUNT, "pro", _bank_account),
    "validateContremarque": Form(bookings.VALIDATE, "pro", lambda world: {"code": world.of["spareCode"]}),
    "bookOffer": Form(
        bookings.BOOK, "other_beneficiary", lambda world: {"stockId": world.of["bookStock"], "quantity": 1}
    ),
    "cancelBooking": Form(CANCEL, "other_beneficiary", lambda world: {"bookingId": world.of["otherBooking"]}),
}
