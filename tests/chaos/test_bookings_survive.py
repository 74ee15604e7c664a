"""Booking killed under load: whoever sends the same key again has booked exactly once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rich.console import Console

from local_platform.demo.accounts import STAFF, ensure_staff, sign_in
from local_platform.demo.acting import bookings, offers
from local_platform.demo.gateway_client import PASSING, GatewayClient, Session
from local_platform.demo.story import the_place
from local_platform.demo.story.cast import YoungPerson, new_isbn
from local_platform.demo.story.narrator import Narrator
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_place import Programme
from local_platform.platform.platform import Platform
from local_platform.servers.mail_reader import Maildir
from tests.e2e.asking import headers_of
from tests.e2e.databases import Databases
from tests.e2e.ids import plain
from tests.e2e.world import venue_of

from .books_agree import assert_books_agree
from .havoc import kill

pytestmark = [pytest.mark.platform, pytest.mark.timeout(600)]

PEOPLE, TITLES, COPIES = 6, 20, 4
"""Each person books each title once; of each there is not enough for all."""

PRICE = 100
AT_ONCE = 24
KILLS = 2
BEFORE_A_KILL = (5, 30)
"""So many attempts of a wave are over when booking is killed: with those in flight, never the whole wave."""


@dataclass
class Attempt:
    """One person's booking of one title, under one key for ever."""

    by: Session
    stock: str
    key: str = field(default_factory=lambda: str(uuid4()))
    answers: list[Any] = field(default_factory=list)

    @property
    def bookings(self) -> set[str]:
        """The ids it was ever given."""
        return {given["booking"]["id"] for given in self.answers if "booking" in given}


@pytest.fixture(scope="module")
def scene(killed_platform: Platform) -> Scene:
    client = GatewayClient(killed_platform.url)
    staff = ensure_staff(killed_platform)
    team = [sign_in(client, staff[who]) for who in STAFF]
    mailbox, narrator = Maildir(killed_platform.state / "mail"), Narrator(Console(quiet=True))
    return Scene(client, narrator, mailbox, *team, now=datetime.now(UTC))


@pytest.fixture(scope="module")
def stocks(scene: Scene) -> Sequence[str]:
    evening = datetime.combine(scene.now.date() + timedelta(days=10), time(19, 30), UTC)
    place = the_place.opens(scene, evening)
    venue = venue_of(scene.client, place)
    titles = dict(_title(scene, place, venue, number) for number in range(TITLES))
    for offer in titles:
        scene.soon(
            lambda offer=offer: offers.look_at(scene.client, None, offer),  # type: ignore[misc]
            lambda seen: seen is not None and seen["stocks"][0]["isBookable"],
            "Booking knows it.",
        )
    return list(titles.values())


def _title(scene: Scene, place: Programme, venue: str, number: int) -> tuple[str, str]:
    """The offer and its stock."""
    form = {"subcategoryId": "LIVRE_PAPIER", "name": f"Tome {number}", "isbn": new_isbn()}
    offer = offers.create_offer(scene.client, place.pro, venue, form)
    stock = offers.add_copies(scene.client, place.pro, offer, PRICE, COPIES)
    offers.publish(scene.client, place.pro, offer)
    return offer, stock


@pytest.fixture(scope="module")
def crowd(scene: Scene) -> Sequence[Session]:
    today = scene.now.date()
    crowd = [scene.becomes_beneficiary(YoungPerson.of_age(18, today))[0] for _ in range(PEOPLE)]
    scene.soon(
        lambda: [bookings.wallet(scene.client, session) for session in crowd],
        all,
        "Booking knows the credits.",
    )
    return crowd


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


async def test_one_booking_for_each_key(
    killed_platform: Platform,
    stocks: Sequence[str],
    crowd: Sequence[Session],
    http: httpx.AsyncClient,
    seed: int,
) -> None:
    draw = random.Random(seed)
    attempts = [Attempt(session, stock) for session in crowd for stock in stocks]
    draw.shuffle(attempts)
    at_once = asyncio.Semaphore(AT_ONCE)
    url = killed_platform.url

    for wave in (attempts[number::KILLS] for number in range(KILLS)):
        over = draw.randint(*BEFORE_A_KILL)
        sent = [asyncio.ensure_future(_send(http, url, attempt, at_once)) for attempt in wave]
        for _, each in zip(range(over), asyncio.as_completed(sent), strict=False):
            await each
        assert not all(each.done() for each in sent), "all had booked before the kill"
        await asyncio.to_thread(kill, killed_platform, "booking")
        await asyncio.sleep(draw.uniform(0, 0.3))
        await asyncio.to_thread(killed_platform.up)
        await asyncio.gather(*sent)
    await asyncio.gather(*(_send(http, url, attempt, at_once) for attempt in attempts))

    assert all(len(attempt.bookings) <= 1 for attempt in attempts), "one key, one booking"
    codes = Counter(given.get("code", "booked") for attempt in attempts for given in attempt.answers[-1:])
    assert set(codes) == {"booked", "SOLD_OUT"}
    assert codes["booked"] == TITLES * COPIES
    await _assert_no_other_booking(killed_platform, stocks, attempts)


async def _send(http: httpx.AsyncClient, url: str, attempt: Attempt, at_once: asyncio.Semaphore) -> None:
    """Send it until it is answered, as clients do: with the same key each time."""
    variables = {"input": {"stockId": attempt.stock, "quantity": 1}, "key": attempt.key}
    async with at_once:
        while True:
            try:
                request = {"query": bookings.BOOK, "variables": variables}
                body = (await http.post(url, json=request, headers=headers_of(attempt.by))).json()
            except (httpx.TransportError, ValueError):
                body = {"errors": [{"extensions": {"code": "UNAVAILABLE"}}]}
            codes = {error["extensions"]["code"] for error in body.get("errors", ())}
            if not codes:
                attempt.answers.append(body["data"]["bookOffer"])
                return
            assert codes <= PASSING, body
            await asyncio.sleep(0.1)


async def _assert_no_other_booking(
    platform: Platform, stocks: Sequence[str], attempts: Sequence[Attempt]
) -> None:
    databases = await Databases.open(platform)
    try:
        made = await databases.rows(
            "booking", "SELECT id FROM bookings WHERE stock_id = ANY($1)", [plain(stock) for stock in stocks]
        )
        assert sorted(str(row["id"]) for row in made) == sorted(
            plain(id_) for attempt in attempts for id_ in attempt.bookings
        )
        await assert_books_agree(databases)
    finally:
        await databases.close()
