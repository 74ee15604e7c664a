"""Without the broker people go on booking and coming in; once it is back, everybody hears of it."""

from collections.abc import Iterator

import pytest

from local_platform.demo.acting import bookings, money, offers
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from local_platform.servers import mail_reader

from .books import PRICE, is_found, on_sale
from .broker import Broker, broker_of
from .conftest import beneficiary
from .databases import Databases
from .world import World

pytestmark = pytest.mark.platform


@pytest.fixture
def broker(platform: Platform, request: pytest.FixtureRequest) -> Iterator[Broker]:
    broker = broker_of(platform, request)
    yield broker
    broker.start()


async def test_booking_and_the_guichet_go_on(
    platform: Platform, scene: Scene, world: World, broker: Broker, databases: Databases
) -> None:
    client, pro, structure = scene.client, world.who["pro"], world.of["structure"]
    young, book, mailbox = beneficiary(scene), on_sale(scene, world, copies=1), platform.state / "mail"
    scene.soon(lambda: is_found(scene, book), bool, "It is found.")
    await databases.settled()
    owed = money.awaiting(client, pro, structure)

    broker.stop()
    booking = bookings.book(client, young, book.stock)
    used = bookings.validate(client, pro, booking["contremarque"])
    assert used["status"] == "USED"
    wallet = bookings.wallet(client, young)
    assert wallet is not None
    assert wallet["spentCents"] == PRICE
    scene.soon(
        lambda: {each.recipient for each in mail_reader.read_all(mailbox) if book.title in each.text},
        lambda told: len(told) == 2,
        "Both are written to all the same.",
    )
    assert await databases.rows("booking", "SELECT id FROM outbox"), "what happened waits to be told"
    assert money.awaiting(client, pro, structure) == owed, "finance cannot know yet"
    assert is_found(scene, book), "nor can the search"

    broker.start()
    scene.soon(
        lambda: money.awaiting(client, pro, structure),
        lambda now: now == {"count": owed["count"] + 1, "amountCents": owed["amountCents"] + PRICE},
        "Finance knows.",
    )
    scene.soon(lambda: not is_found(scene, book), bool, "The search knows.")
    scene.soon(
        lambda: offers.look_at(client, pro, book.offer),
        lambda seen: seen is not None and seen["status"] == "SOLD_OUT",
        "The catalogue knows.",
    )
    await databases.settled()
