"""Chapter 3: young people sign up and receive the credit that their age and the day give."""

from datetime import UTC, datetime

from local_platform.demo.acting import bookings
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.cast import YoungPerson
from local_platform.demo.story.scene import Scene, euros

THEN = (
    (datetime(2019, 9, 16, 10, tzinfo=UTC), 50_000),
    (datetime(2022, 3, 14, 10, tzinfo=UTC), 30_000),
)
"""Days of the past with what an 18-year-old was granted then, in cents (domain.md §2.4)."""

TODAY = 15_000
"""What an 18-year-old is granted today, in cents."""


def arrive(scene: Scene) -> tuple[YoungPerson, Session, Session]:
    """The one of the story, signed in, and a friend."""
    narrator = scene.narrator
    narrator.chapter("Young people sign up and receive their credit")
    hero = YoungPerson.of_age(18, scene.now.date())
    session, grant = scene.becomes_beneficiary(hero)
    narrator.expects(grant["amountCents"] == TODAY, f"18 years old today gives {euros(TODAY)}.", grant)
    narrator.says(
        f"{hero.first_name} {hero.last_name} signs up, confirms the address, has the identity check accepted: "
        f"[bold]{euros(TODAY)}[/] ({grant['kind']})."
    )
    for moment, amount in THEN:
        earlier = YoungPerson.of_age(18, moment.date())
        _, grant = scene.becomes_beneficiary(earlier, moment)
        narrator.expects(grant["amountCents"] == amount, f"{moment.year} gave {euros(amount)}.", grant)
        narrator.says(
            f"The same on {moment:%d/%m/%Y}, with the clock moved: {euros(amount)} ({grant['kind']})."
        )
    friend, _ = scene.becomes_beneficiary(YoungPerson.of_age(18, scene.now.date()))
    scene.soon(
        lambda: [bookings.wallet(scene.client, person) for person in (session, friend)],
        lambda wallets: all(wallet is not None and wallet["remainingCents"] == TODAY for wallet in wallets),
        "Booking knows their credits.",
    )
    return hero, session, friend
