"""A book of one's own for a test: what it does to it, no other test sees."""

from dataclasses import dataclass
from secrets import token_hex

from local_platform.demo.acting import offers
from local_platform.demo.story.cast import new_isbn
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_place import AROUND

from .world import World

PRICE = 100
"""In cents: nobody runs out of credit."""


@dataclass(frozen=True)
class Book:
    title: str
    offer: str
    stock: str


def written(scene: Scene, world: World, copies: int | None = 1, title: str = "") -> Book:
    """A draft of the pro's venue, with copies; its title is found by no other's words."""
    title = title or f"Livre {token_hex(6)}"
    form = {"subcategoryId": "LIVRE_PAPIER", "name": title, "isbn": new_isbn()}
    offer = offers.create_offer(scene.client, world.who["pro"], world.of["venue"], form)
    return Book(title, offer, offers.add_copies(scene.client, world.who["pro"], offer, PRICE, copies))


def on_sale(scene: Scene, world: World, copies: int | None = 1, title: str = "") -> Book:
    """Published, and booking knows it."""
    book = written(scene, world, copies, title)
    offers.publish(scene.client, world.who["pro"], book.offer)
    scene.soon(
        lambda: offers.look_at(scene.client, None, book.offer),
        lambda seen: seen is not None and all(stock["isBookable"] for stock in seen["stocks"]),
        "Booking knows the book.",
    )
    return book


def is_found(scene: Scene, book: Book) -> bool:
    """Whether a search for its title gives it now."""
    hits = offers.search(scene.client, book.title, AROUND)
    return any(hit["offerId"] == book.offer for hit in hits)
