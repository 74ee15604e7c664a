"""Chapters 4 and 5: finding a concert, booking it, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

from local_platform.demo.acting import bookings, offers, people
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.cast import YoungPerson
from local_platform.demo.story.scene import Scene, euros
from local_platform.demo.story.the_place import AROUND, TARIFFS, Programme
from local_platform.demo.story.the_young_people import TODAY


def is_found(scene: Scene, programme: Programme) -> None:
    """The concert is near, with its prices and dates; what is sold out is gone."""
    narrator = scene.narrator
    narrator.chapter("They look for a concert near them")
    words = f"concert {programme.place.mark}"
    hits = scene.soon(
        lambda: offers.search(scene.client, words, AROUND),
        lambda hits: any(hit["offerId"] == programme.concert for hit in hits),
        "« concert » within 20 km of Montpellier finds it.",
    )
    hit = next(hit for hit in hits if hit["offerId"] == programme.concert)
    narrator.expects(sorted(hit["pricesCents"]) == sorted(TARIFFS.values()), "it shows both prices.", hit)
    narrator.expects(len(hit["dates"]) == 2 and hit["isDuo"], "it shows both dates, and duo.", hit)
    for each in hits[:3]:
        dates = ", ".join(date[:10] for date in each["dates"][:2])
        narrator.shows(
            f"{each['name']} · {each['venueName']}, {each['city']} · {each['distanceKm']:.1f} km · "
            f"{dates} · from {euros(each['minPriceCents'])}"
        )
    distances = [each["distanceKm"] for each in hits]
    narrator.expects(distances == sorted(distances), "the nearest comes first.", distances)


def is_booked(
    scene: Scene, programme: Programme, hero: YoungPerson, session: Session, friend: Session
) -> dict[str, Any]:
    """The booking of the concert; and every refusal that the story knows."""
    client, narrator = scene.client, scene.narrator
    narrator.chapter("They book")
    cheap, dear = (_stock(programme, price, 0) for price in TARIFFS.values())
    price = cheap["priceCents"]
    booking = bookings.book(client, session, cheap["id"])
    code = booking["contremarque"]
    narrator.expects(
        len(code) == 6 and bool(booking["qrCode"]), "a contremarque of 6 characters and a QR code.", booking
    )
    narrator.says(
        f"One place, first date, {euros(price)}: contremarque [bold cyan]{code}[/], with its QR code."
    )
    _spent(scene, session, price)
    for address, whose in ((hero.email, "The young person"), (programme.place.booking_email, "The venue")):
        people.await_mail(scene.mailbox, address, lambda mail: code in mail.text)
        narrator.says(f"{whose} gets a mail ({address}).")

    other_date = _stock(programme, TARIFFS["Tarif jeune"], 1)
    scene.refuses(
        "ALREADY_BOOKED", "The other date as well", lambda: bookings.book(client, session, other_date["id"])
    )
    scene.refuses("INSUFFICIENT_CREDIT", "The dear seats", lambda: bookings.book(client, friend, dear["id"]))
    scene.refuses("WRONG_QUANTITY", "Three places", lambda: bookings.book(client, friend, cheap["id"], 3))
    after = friend.on(_instant(cheap["startsAt"]) + timedelta(minutes=1))
    scene.refuses("BOOKING_CLOSED", "Once it has begun", lambda: bookings.book(client, after, cheap["id"]))

    last = bookings.book(client, session, programme.book_stock)
    narrator.says(f"And the last copy of the book: {last['contremarque']}.")
    scene.refuses(
        "SOLD_OUT", "The friend comes too late", lambda: bookings.book(client, friend, programme.book_stock)
    )
    scene.soon(
        lambda: offers.search(client, "Écume des jours", AROUND),
        lambda hits: all(hit["offerId"] != programme.book for hit in hits),
        "Sold out: the book is gone from the search.",
    )
    online = bookings.book(client, session, programme.online_stock)
    address = online["accessUrl"] or ""
    narrator.expects(
        online["contremarque"] in address and hero.email.partition("@")[0] in address,
        "the address of the online album is completed for this booking.",
        address,
    )
    narrator.says(f"The online album opens at {address}")
    _spent(scene, session, price + 790 + 999)
    return booking


def _spent(scene: Scene, session: Session, cents: int) -> None:
    wallet = bookings.wallet(scene.client, session)
    left = TODAY - cents
    scene.narrator.expects(
        wallet is not None and wallet["remainingCents"] == left, f"{euros(left)} are left.", wallet
    )
    scene.narrator.says(f"{euros(left)} of credit are left.")


def _stock(programme: Programme, price_cents: int, date: int) -> dict[str, Any]:
    """The stock of one tariff on the first or second date."""
    of_price = [stock for stock in programme.concert_stocks if stock["priceCents"] == price_cents]
    return sorted(of_price, key=lambda stock: str(stock["startsAt"]))[date]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
