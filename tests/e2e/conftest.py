"""One platform, both routers before it, and the people and places that the tests act with."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

import pytest
from rich.console import Console

from local_platform.demo.accounts import STAFF, ensure_staff, sign_in
from local_platform.demo.acting import bookings
from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.demo.story import the_place
from local_platform.demo.story.cast import YoungPerson
from local_platform.demo.story.narrator import Narrator
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_place import Programme
from local_platform.platform.platform import Platform
from local_platform.servers.mail_reader import Maildir

from .asking import Asker
from .databases import Databases, changed
from .performance import Performance, perform
from .world import World, inhabited

ROUTERS = ("hive-gateway", "hive-router")


@pytest.fixture(scope="package", autouse=True)
async def nobody_pays_for_wrong_passwords(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """The wrong attempts made here are all from one address: forget them for those who come after."""
    if not any(item.get_closest_marker("platform") for item in request.session.items):
        yield
        return
    platform: Platform = request.getfixturevalue("platform")
    yield
    databases = await Databases.open(platform)
    try:
        await databases.forget_attempts()
    finally:
        await databases.close()


@pytest.fixture(scope="session", params=ROUTERS)
def router(request: pytest.FixtureRequest, gateways: Mapping[str, str]) -> str:
    """Which of the two routers the test goes through."""
    if request.param not in gateways:
        pytest.skip("no hive_router: name one in PASS_ROUTER, or put it on the PATH or in .state/bin")
    return str(request.param)


@pytest.fixture(scope="session")
def performances(platform: Platform, gateways: Mapping[str, str]) -> Mapping[str, Performance]:
    """The whole story, once through each router."""
    return {name: perform(platform, url) for name, url in gateways.items()}


@pytest.fixture(scope="session")
def performance(router: str, performances: Mapping[str, Performance]) -> Performance:
    return performances[router]


@pytest.fixture(scope="session")
def asker(router: str, gateways: Mapping[str, str]) -> Iterator[Asker]:
    """Asks through one router, then the other."""
    asker = Asker(gateways[router])
    yield asker
    asker.close()


@pytest.fixture(scope="session")
def scene(platform: Platform) -> Iterator[Scene]:
    """The team signed in, and a narrator who keeps quiet."""
    client = GatewayClient(platform.url)
    staff = ensure_staff(platform)
    team = [sign_in(client, staff[who]) for who in STAFF]
    now = datetime.now(UTC)
    yield Scene(client, Narrator(Console(quiet=True)), Maildir(platform.state / "mail"), *team, now=now)
    client.close()


@pytest.fixture(scope="session")
def evening(scene: Scene) -> datetime:
    """When the concerts of the places below begin: late enough to be cancelled, booked and reimbursed."""
    return datetime.combine(scene.now.date() + timedelta(days=10), time(19, 30), UTC)


@pytest.fixture(scope="session")
def place(scene: Scene, evening: datetime) -> Programme:
    """A validated structure with a venue, a concert (4 stocks), a book (one copy) and an online album."""
    return the_place.opens(scene, evening)


@pytest.fixture(scope="session")
def other_place(scene: Scene, evening: datetime) -> Programme:
    """A stranger to `place`, with the same programme."""
    return the_place.opens(scene, evening)


@pytest.fixture(scope="session")
def world(
    scene: Scene,
    place: Programme,
    other_place: Programme,
    young: Session,
    other_young: Session,
    evening: datetime,
) -> World:
    """Two places that do not know each other, and a beneficiary of each."""
    return inhabited(scene, place, other_place, young, other_young, evening)


@pytest.fixture(scope="session")
def direct(platform: Platform) -> Iterator[Asker]:
    """Asks through the platform's own gateway, whichever of the two it is."""
    asker = Asker(platform.url)
    yield asker
    asker.close()


@pytest.fixture(scope="session")
def young(scene: Scene) -> Session:
    """A beneficiary whose credit booking knows."""
    return beneficiary(scene)


@pytest.fixture(scope="session")
def other_young(scene: Scene) -> Session:
    return beneficiary(scene)


def beneficiary(scene: Scene) -> Session:
    """Somebody new with today's credit, which booking knows of."""
    session, _ = scene.becomes_beneficiary(YoungPerson.of_age(18, scene.now.date()))
    scene.soon(
        lambda: bookings.wallet(scene.client, session),
        lambda wallet: wallet is not None,
        "Booking knows the credit.",
    )
    return session


@pytest.fixture(scope="session")
async def databases(platform: Platform) -> AsyncIterator[Databases]:
    databases = await Databases.open(platform)
    yield databases
    await databases.close()


@pytest.fixture(scope="module")
async def at_rest(databases: Databases) -> None:
    """What earlier tests set going has come to its end."""
    await databases.settled()


@pytest.fixture
async def nothing_written(databases: Databases, at_rest: None) -> AsyncIterator[None]:
    """Around the test, every row of every database stays as it is."""
    before = await databases.snapshot()
    yield
    assert changed(before, await databases.snapshot()) == {}
