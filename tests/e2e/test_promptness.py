"""What one part of the platform does, the others know within two seconds."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest

from local_platform.demo.acting import bookings, money, offers
from local_platform.demo.gateway_client import Failed, Refused
from local_platform.demo.story import the_place
from local_platform.demo.story.scene import LATE, SOON, Scene

from .books import is_found, on_sale, written
from .conftest import beneficiary
from .world import World

pytestmark = pytest.mark.platform

TRIES = 3
"""The promise is about the platform and not about what else the machine has to do: the best try counts."""


def seconds_until(holds: Callable[[], bool]) -> float:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < LATE, "never"
        time.sleep(0.02)
    return time.monotonic() - begun


def test_a_just_published_offer_is_found(scene: Scene, world: World) -> None:
    def once() -> float:
        book = written(scene, world)
        assert not is_found(scene, book)
        offers.publish(scene.client, world.who["pro"], book.offer)
        return seconds_until(lambda: is_found(scene, book))

    assert min(once() for _ in range(TRIES)) <= SOON


def test_a_sold_out_one_is_gone(scene: Scene, world: World) -> None:
    def once() -> float:
        book = on_sale(scene, world, copies=1)
        seconds_until(lambda: is_found(scene, book))
        bookings.book(scene.client, world.who["beneficiary"], book.stock)
        return seconds_until(lambda: not is_found(scene, book))

    assert min(once() for _ in range(TRIES)) <= SOON


def test_finance_knows_what_was_validated(scene: Scene, world: World) -> None:
    pro, structure = world.who["pro"], world.of["structure"]

    def once() -> float:
        book = on_sale(scene, world)
        booking = bookings.book(scene.client, world.who["beneficiary"], book.stock)
        before = money.awaiting(scene.client, pro, structure)["count"]
        bookings.validate(scene.client, pro, booking["contremarque"])
        return seconds_until(lambda: money.awaiting(scene.client, pro, structure)["count"] == before + 1)

    assert min(once() for _ in range(TRIES)) <= SOON


SUSPEND = """
mutation ($id: ID!, $key: UUID!) {
  suspendPerson(personId: $id, reason: FRAUD, idempotencyKey: $key) { __typename ... on Refusal { code message } }
}
"""


def test_a_suspended_person_loses_what_they_booked_and_books_no_more(scene: Scene, world: World) -> None:
    pro, structure = world.who["pro"], world.of["structure"]

    def once() -> float:
        suspect, book = beneficiary(scene), on_sale(scene, world, copies=5)
        booking = bookings.book(scene.client, suspect, book.stock)
        scene.client.act(SUSPEND, scene.admin, id=suspect.person_id)

        def is_over() -> bool:
            """As the place sees it: the suspect themselves may be let in nowhere by now."""
            seen = bookings.structure_bookings(scene.client, pro, structure)
            return {each["id"]: each["status"] for each in seen}[booking["id"]] == "CANCELLED"

        took = seconds_until(is_over)
        with pytest.raises((Refused, Failed)) as refused:
            bookings.book(scene.client, suspect, book.stock)
        first_by_booking_then_by_all = ("ACCOUNT_SUSPENDED", "UNAUTHENTICATED")
        assert refused.value.code in first_by_booking_then_by_all
        return took

    assert min(once() for _ in range(TRIES)) <= SOON


def test_a_suspended_pro_acts_nowhere_any_more(scene: Scene, evening: datetime) -> None:
    """Their token is good for some minutes still: identity, catalog, booking and finance take it no more."""
    place = the_place.opens(scene, evening)
    asked = {
        "identity": "{ structures { edges { node { id } } } }",
        "catalog": f'''{{ offers(structureId: "{place.structure_id}") {{ edges {{ node {{ id }} }} }} }}''',
        "booking": f'''{{ structureBookings(structureId: "{place.structure_id}") {{ edges {{ node {{ id }} }} }} }}''',
        "finance": f'''{{ bankAccounts(structureId: "{place.structure_id}") {{ id }} }}''',
    }
    for document in asked.values():
        assert "errors" not in scene.client.answer(document, place.pro)
    scene.client.act(SUSPEND, scene.admin, id=place.pro.person_id)

    def refused() -> dict[str, bool]:
        answers = {name: scene.client.answer(document, place.pro) for name, document in asked.items()}
        return {
            name: any(error["extensions"]["code"] == "UNAUTHENTICATED" for error in answer.get("errors", ()))
            for name, answer in answers.items()
        }

    seconds_until(lambda: all(refused().values()))
