"""Chapters 1 and 2: a cultural place signs up, makes its offers, and is validated."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local_platform.demo.acting import offers, people
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.cast import Place, new_isbn
from local_platform.demo.story.scene import Scene, euros

AROUND = (43.6119, 3.8772, 20.0)
"""Montpellier, 20 km around."""

TARIFFS = {"Tarif jeune": 1_250, "Carré or": 16_000}


@dataclass(frozen=True)
class Programme:
    """What the place offers, and how to name it."""

    place: Place
    structure_id: str
    pro: Session
    concert: str
    concert_title: str
    concert_stocks: list[dict[str, Any]]
    book: str
    book_stock: str
    online: str
    online_stock: str


def opens(scene: Scene, evening: datetime) -> Programme:
    """The place with all it offers; `evening` is the first date of the concert."""
    client, narrator = scene.client, scene.narrator
    place = Place(
        structure_name="Association Les Nuits claires",
        venue_name="Le Rockstore",
        street="20 rue de Verdun",
        postal_code="34000",
        city="Montpellier",
        first_name="Nadia",
        last_name="Ferrand",
    )
    narrator.chapter("A cultural place signs up")
    structure = people.sign_up_place(client, place)
    narrator.expects(structure["status"] == "PENDING", "the new structure is pending.", structure)
    narrator.says(f"{place.structure_name} signs up with SIREN {place.siren}; it is [yellow]pending[/].")
    people.confirm_address(client, place, scene.mailbox)
    narrator.says(f"The link in the mail to {place.email} confirms the address.")
    pro = scene.pro_signs_in(place)

    narrator.chapter("It makes its venue and three offers")
    venue = offers.create_venue(client, pro, structure["id"], place)
    narrator.says(f"{venue['name']} is made by SIRET {place.siret}.")
    where = f"{venue['latitude']:.3f}, {venue['longitude']:.3f}"
    narrator.shows(f"coordinates found from the town: {venue['city']} → {where}")
    programme = _programme(scene, place, structure["id"], pro, venue["id"], evening)
    made = (programme.concert, programme.book, programme.online)
    for offer_id in made:
        offers.publish(client, pro, offer_id)
    narrator.says("All three are published.")

    unseen = [offers.look_at(client, None, offer_id) for offer_id in made]
    narrator.expects(
        unseen == [None, None, None], "nobody else sees the offers of a pending structure.", unseen
    )
    narrator.says("The structure is pending: nobody else sees them yet.")
    decided = people.validate_structure(client, scene.admin, structure["id"])
    narrator.expects(decided["status"] == "VALIDATED", "the structure is validated.", decided)
    narrator.says("The team [green]validates[/] the structure.")
    scene.soon(
        lambda: [offers.look_at(client, None, offer_id) for offer_id in made],
        lambda seen: all(seen),
        "Now everybody sees its offers.",
    )
    signed_in_again = scene.pro_signs_in(place)
    return Programme(**{**programme.__dict__, "pro": signed_in_again})


def _programme(
    scene: Scene, place: Place, structure_id: str, pro: Session, venue_id: str, evening: datetime
) -> Programme:
    client, narrator = scene.client, scene.narrator
    title = f"Concert de La Femme, soirée {place.mark}"
    concert = offers.create_offer(
        client,
        pro,
        venue_id,
        {
            "subcategoryId": "CONCERT",
            "name": title,
            "description": "Deux soirs de rock psychédélique.",
            "isDuo": True,
            "withdrawal": {"type": "NO_TICKET", "bookingContact": place.booking_email},
        },
    )
    stocks = offers.add_dates(client, pro, concert, TARIFFS, [evening, evening + timedelta(days=1)], 50)
    narrator.expects(len(stocks) == 4, "two dates × two tariffs make four stocks.", stocks)
    prices = " and ".join(f"{label} {euros(cents)}" for label, cents in TARIFFS.items())
    narrator.says(f"{title}: two dates × two tariffs ({prices}), duo.")

    isbn = new_isbn()
    book = offers.create_offer(
        client, pro, venue_id, {"subcategoryId": "LIVRE_PAPIER", "name": "L'Écume des jours", "isbn": isbn}
    )
    book_stock = offers.add_copies(client, pro, book, 790, 1)
    narrator.says(f"L'Écume des jours, a paper book (ISBN {isbn}): one copy, {euros(790)}.")

    url = "https://ecoute.example/album?billet={token}&pour={email}"
    virtual = offers.virtual_venue(client, pro, structure_id)
    online = offers.create_offer(
        client,
        pro,
        virtual,
        {"subcategoryId": "TELECHARGEMENT_MUSIQUE", "name": "Paradigmes, l'album à télécharger", "url": url},
    )
    online_stock = offers.add_copies(client, pro, online, 999, None)
    narrator.says(f"Paradigmes, an online album ({url}), {euros(999)}, without limit.")
    return Programme(place, structure_id, pro, concert, title, stocks, book, book_stock, online, online_stock)
