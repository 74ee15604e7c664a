"""The whole story, in order."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, time, timedelta

from local_platform.demo.accounts import STAFF, Account, sign_in
from local_platform.demo.acting import money
from local_platform.demo.gateway_client import GatewayClient
from local_platform.demo.story import the_booking, the_guichet, the_money, the_place, the_young_people
from local_platform.demo.story.narrator import Narrator
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from local_platform.servers.mail_reader import Mailbox, Maildir
from local_platform.user_error import UserError


def play(
    platform: Platform, staff: Mapping[str, Account], narrator: Narrator, url: str | None = None
) -> None:
    """Play it against the local platform, through its gateway or the one at `url`.

    Raises UserError at the first thing that is not as told.
    """
    if platform.external.smtp is not None:
        raise UserError("The story reads its mails in the local mailbox, but PASS_SMTP sends them elsewhere.")
    play_at(url or platform.url, Maildir(platform.state / "mail"), staff, narrator)


def play_at(url: str, mailbox: Mailbox, staff: Mapping[str, Account], narrator: Narrator) -> None:
    """Play it against any platform in development mode: its GraphQL address, and where its mails arrive."""
    if missing := sorted(STAFF.keys() - staff.keys()):
        raise UserError(f"The story needs an account of the team as {' and as '.join(missing)}.")
    with closing(GatewayClient(url, narrator.exchange, narrator.waits)) as client:
        scene = Scene(
            client,
            narrator,
            mailbox,
            admin=sign_in(client, staff["admin"]),
            finance=sign_in(client, staff["finance"]),
            controller=sign_in(client, staff["controller"]),
            now=datetime.now(UTC),
        )
        programme = the_place.opens(scene, _free_evening(scene))
        hero, session, friend = the_young_people.arrive(scene)
        the_booking.is_found(scene, programme)
        booking = the_booking.is_booked(scene, programme, hero, session, friend)
        the_guichet.lets_in(scene, programme, hero, booking, friend)
        the_money.is_paid(scene, programme, booking, session)


def _free_evening(scene: Scene) -> datetime:
    """In ten days, or after the last fortnight that an earlier performance closed."""
    day = scene.now.date() + timedelta(days=10)
    closed = money.last_closed_day(scene.client, scene.finance)
    if closed is not None:
        day = max(day, closed + timedelta(days=2))
    return datetime.combine(day, time(19, 30), UTC)
