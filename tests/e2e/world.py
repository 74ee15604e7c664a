"""Everybody and everything that bad questions are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from local_platform.demo.acting import bookings, money, offers, people
from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.demo.story.cast import Place, YoungPerson
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_place import AROUND, TARIFFS, Programme

from .ids import nothing

TYPES = ("Attachment", "BankAccount", "Booking", "CashflowBatch", "Job", "OpenSession", "Person")
"""Of which there is one that does not exist: `$noJob`."""

MINE = "{ me { grants { id } identityCheck { id } } wallet { id } }"
ATTACHMENTS = "query ($id: ID!) { structure(id: $id) { attachments { id } } }"


@dataclass(frozen=True)
class World:
    """Two places with what was booked of them. Names that begin with `other` are of the second one."""

    who: Mapping[str, Session]
    """Role → somebody signed in. The beneficiary has booked at the pro's place, the other one at the other's."""

    of: Mapping[str, str]
    """Name → id (or contremarque) of a thing."""

    siren: str
    """Of the pro's structure."""

    long_after: datetime
    """A day of business on which the stocks can no longer be deleted."""

    def variables(self, document: str) -> dict[str, str]:
        """Those things that a document declares as variables; `$anybody` and `$noBooking` are new each time."""
        nowhere = {f"no{name}": nothing(name) for name in TYPES}
        whole = {**nowhere, "anybody": f"{uuid4().hex}@jeune.example", **self.of}
        return {name: value for name, value in whole.items() if f"${name}:" in document}


def inhabited(
    scene: Scene,
    place: Programme,
    other_place: Programme,
    young: Session,
    other_young: Session,
    evening: datetime,
) -> World:
    """Make what is missing: bookings (one used), a draft, a bank account, a pending structure, a waiting check.

    The spare code is for whoever wants to use one up.
    """
    client = scene.client
    draft = {"subcategoryId": "LIVRE_PAPIER", "name": "Brouillon", "isbn": "9782070368228"}
    pending = Place("En attente", "Nulle part", "1 rue", "34000", "Montpellier", "Anne", "Onyme")
    used = bookings.book(client, young, seat_of(place, "Tarif jeune"))
    bookings.validate(client, place.pro.on(evening), used["contremarque"])
    waiting = bookings.book(client, young, place.online_stock)
    elsewhere = bookings.book(client, other_young, seat_of(other_place, "Tarif jeune"))
    spare = bookings.book(client, other_young, place.online_stock)
    account = money.submit_bank_account(client, place.pro, place.structure_id, place.place)
    (attachment,) = client.ask(ATTACHMENTS, scene.admin, id=place.structure_id)["structure"]["attachments"]
    mine = client.ask(MINE, young)
    _hand_in_a_check(scene)
    scene.soon(
        lambda: offers.search(client, f"concert {place.place.mark}", AROUND), bool, "The concert is found."
    )
    return World(
        who={
            "anonymous": Session(),
            "beneficiary": young,
            "other_beneficiary": other_young,
            "pro": place.pro,
            "other_pro": other_place.pro,
            "admin": scene.admin,
            "finance": scene.finance,
        },
        of={
            "structure": place.structure_id,
            "otherStructure": other_place.structure_id,
            "pending": people.sign_up_place(client, pending)["id"],
            "attachment": attachment["id"],
            "account": account["id"],
            "wallet": mine["wallet"]["id"],
            "grant": mine["me"]["grants"][0]["id"],
            "check": mine["me"]["identityCheck"]["id"],
            "venue": venue_of(client, place),
            "otherVenue": venue_of(client, other_place),
            "concert": place.concert,
            "otherConcert": other_place.concert,
            "draft": offers.create_offer(client, place.pro, venue_of(client, place), draft),
            "seat": seat_of(place, "Tarif jeune"),
            "dearSeat": seat_of(place, "Carré or"),
            "otherSeat": seat_of(other_place, "Tarif jeune"),
            "book": place.book,
            "bookStock": place.book_stock,
            "otherBook": other_place.book,
            "booking": waiting["id"],
            "code": waiting["contremarque"],
            "usedBooking": used["id"],
            "usedCode": used["contremarque"],
            "spareCode": spare["contremarque"],
            "otherBooking": elsewhere["id"],
            "otherCode": elsewhere["contremarque"],
            "young": young.person_id,
        },
        siren=place.place.siren,
        long_after=evening + timedelta(days=20),
    )


def seat_of(place: Programme, tariff: str) -> str:
    """The stock of a tariff on the concert's first evening."""
    of_tariff = [stock for stock in place.concert_stocks if stock["priceCents"] == TARIFFS[tariff]]
    return str(min(of_tariff, key=lambda stock: stock["startsAt"])["id"])


def venue_of(client: GatewayClient, place: Programme) -> str:
    """The place's physical venue."""
    found = client.ask(offers.VENUES, place.pro, structureId=place.structure_id)["structure"]["venues"]
    return next(str(venue["id"]) for venue in found if not venue["isVirtual"])


def _hand_in_a_check(scene: Scene) -> None:
    person = YoungPerson.of_age(18, scene.now.date())
    people.sign_up_young_person(scene.client, person, Session())
    people.confirm_address(scene.client, person, scene.mailbox)
    session = people.sign_in(scene.client, person.email, person.password)
    people.submit_identity_check(scene.client, session, person)
