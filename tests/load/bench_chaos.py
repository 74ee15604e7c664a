"""Bookings, cancellations, validations and closes go on while a process is killed every few seconds.

    ./pass bench chaos [--minutes 30] [--seed 4711] [--people 12] [--inner-tls]

A platform of its own, as durable as a developer's. In rounds of a minute and a half: new titles are published,
everybody books, cancels and is let in, a fortnight is closed and accepted; meanwhile one process after another, now
and then two at once, drawn by the seed, is killed (SIGKILL) and started again by what `./pass up` does. At the end of
each round what everybody was answered, what one context says of its own and what the others have heard of it are
compared, and the sums. Ends at the first difference, or when a process ends that nobody killed; says the seed, and
keeps the folder with its logs. `PASS_ROUTER=hive-gateway` puts the gateway on Node in the middle.
"""

import argparse
import asyncio
import json
import random
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from meter import publish
from rich.console import Console

from local_platform.demo.accounts import STAFF, ensure_staff, sign_in
from local_platform.demo.acting import bookings, money, offers, people
from local_platform.demo.gateway_client import GatewayClient, Refused, Session
from local_platform.demo.story import the_place
from local_platform.demo.story.cast import YoungPerson, new_isbn
from local_platform.demo.story.narrator import Narrator
from local_platform.demo.story.scene import Scene
from local_platform.demo.story.the_money import fortnight_end
from local_platform.demo.story.the_place import Programme
from local_platform.platform.platform import Platform
from local_platform.servers.mail_reader import Maildir
from local_platform.servers.ports import Ports
from local_platform.user_error import UserError

sys.path.append(str(Path(__file__).parents[2]))

from tests.chaos.books_agree import assert_books_agree  # the repository's root is no package's path
from tests.chaos.havoc import kill
from tests.e2e.databases import Databases
from tests.e2e.ids import plain
from tests.e2e.world import venue_of

ROUND_SECONDS = 90
TITLES_EACH_ROUND = 6
PRICE = 20
"""In cents: a round's titles are 1.20 €, and a credit lasts for a hundred rounds."""
COPIES = 8
BETWEEN_KILLS = (2.0, 6.0)
TWO_AT_ONCE = 0.2
"""How many of the kills take a second process with them."""
CANCELLED = 0.9
"""How many bookings are cancelled: the others are let in, and whoever was let in books that title no more."""
LONGEST_ABSENCE = 1.5
"""Seconds for which the dead are missed before somebody says `./pass up`."""
AWAY_AT_ONCE = 2
"""So many processes wait to be started before the next is killed: clients have a patience of two minutes."""
COLUMNS = ("round", "killed", "booked", "cancelled", "let in", "refused", "paid", "slowest answer s")

CANCEL = """
mutation ($id: ID!, $key: UUID!) {
  cancelBooking(bookingId: $id, idempotencyKey: $key) {
    ... on BookingCancelled { booking { id } }
    ... on Refusal { code message }
  }
}
"""


@dataclass
class Round:
    """What was done in one."""

    killed: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    pids: set[int] = field(default_factory=set)
    """Of those killed."""
    answered: dict[str, str] = field(default_factory=dict)
    """Booking → the status that its person or the place was told last."""
    slowest_seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tries(self, what: str, deed: Callable[[], Any], refusal: str | None = None) -> Any:
        """What the deed gives; None when it was refused for this reason, which is then nobody's fault."""
        begun, result = time.monotonic(), None
        try:
            result = deed()
        except Refused as refused:
            if refused.code != refusal:
                raise
            what = "refused"
        with self._lock:
            self.done[what] += 1
            self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - begun)
        return result

    def books(self, deed: Callable[[], Any], *, held: bool) -> Any:
        """The booking; None when it was refused, as it must be when the person has the title."""
        booking = self.tries("booked", deed, "ALREADY_BOOKED" if held else "SOLD_OUT")
        assert not (held and booking), f"booked twice: {booking}"
        if booking is not None:
            self.answered[booking["id"]] = "CONFIRMED"
        return booking


@dataclass
class Marathon:
    platform: Platform
    scene: Scene
    place: Programme
    venue: str
    crowd: Sequence[YoungPerson]
    draw: random.Random
    last_closed: date

    def signed_in(self, who: YoungPerson) -> Session:
        return people.sign_in(self.scene.client, who.email, who.password)

    def runs(self) -> Round:
        """One round: everybody at work, and the killer."""
        this = Round()
        staff = ensure_staff(self.platform)
        self.scene.admin, self.scene.finance, self.scene.controller = (
            sign_in(self.scene.client, staff[who]) for who in STAFF
        )
        pro = people.sign_in(self.scene.client, self.place.place.email, self.place.place.password)
        stocks = [self._title(pro) for _ in range(TITLES_EACH_ROUND)]
        sessions = [self.signed_in(person) for person in self.crowd]
        over = threading.Event()
        with ThreadPoolExecutor(len(sessions) + 2) as pool:
            seeds = [self.draw.random() for _ in sessions]
            working = [
                pool.submit(self._books, this, session, pro, stocks, random.Random(seed), over)
                for session, seed in zip(sessions, seeds, strict=True)
            ]
            closing = pool.submit(self._closes, this)
            try:
                self._kills(this, working)
            finally:
                over.set()
            for each in (*working, closing):
                each.result()
        return this

    def _title(self, pro: Session) -> str:
        """A new stock that booking knows."""
        client = self.scene.client
        form = {"subcategoryId": "LIVRE_PAPIER", "name": f"Tome {secrets.token_hex(4)}", "isbn": new_isbn()}
        offer = offers.create_offer(client, pro, self.venue, form)
        stock = offers.add_copies(client, pro, offer, PRICE, COPIES)
        offers.publish(client, pro, offer)
        self.scene.soon(
            lambda: offers.look_at(client, None, offer),
            lambda seen: seen is not None and seen["stocks"][0]["isBookable"],
            "Booking knows it.",
        )
        return stock

    def _books(
        self,
        this: Round,
        mine: Session,
        pro: Session,
        stocks: Sequence[str],
        draw: random.Random,
        over: threading.Event,
    ) -> None:
        client = GatewayClient(self.platform.url)
        held: set[str] = set()
        while not over.is_set():
            stock = draw.choice(stocks)
            booked = this.books(partial(bookings.book, client, mine, stock), held=stock in held)
            if booked is None:
                time.sleep(0.05)
            elif draw.random() < CANCELLED:
                this.tries("cancelled", partial(client.act, CANCEL, mine, id=booked["id"]))
                this.answered[booked["id"]] = "CANCELLED"
            else:
                this.tries("let in", partial(bookings.validate, client, pro, booked["contremarque"]))
                this.answered[booked["id"]] = "USED"
                held.add(stock)
        client.close()

    def _closes(self, this: Round) -> None:
        """The next fortnight, as if it was over."""
        client = GatewayClient(self.platform.url)
        last_day = fortnight_end(self.last_closed + timedelta(days=1))
        afterwards = datetime.combine(last_day + timedelta(days=2), datetime.min.time(), UTC)
        time.sleep(ROUND_SECONDS / 2)
        batch = money.close_fortnight(client, self.scene.finance.on(afterwards), last_day)
        money.accept_batch(client, self.scene.controller.on(afterwards), batch["id"])
        this.done["paid"] += batch["bookingCount"]
        self.last_closed = last_day
        client.close()

    def _kills(self, this: Round, working: Sequence[Any]) -> None:
        """One process after another, while those of before are being started again."""
        end = time.monotonic() + ROUND_SECONDS
        names = [part.name for part in self.platform.parts]
        over = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            repairing = pool.submit(self._repairs, this, over)
            try:
                while time.monotonic() < end:
                    time.sleep(self.draw.uniform(*BETWEEN_KILLS))
                    if any(each.done() for each in (*working, repairing)):
                        break  # somebody failed: what it says is more telling than another kill
                    victims = self.draw.sample(names, 2 if self.draw.random() < TWO_AT_ONCE else 1)
                    running = {
                        part.name: process
                        for part in self.platform.parts
                        if (process := part.daemon.process())
                    }
                    if len(names) - len(running) < AWAY_AT_ONCE:
                        for victim in running.keys() & set(victims):
                            this.pids.add(running[victim].pid)
                            kill(self.platform, victim)
                            this.killed.append(victim)
            finally:
                over.set()
            repairing.result()
        self.platform.up()

    def _repairs(self, this: Round, over: threading.Event) -> None:
        """`./pass up` again and again. What is killed as it starts is no failure; what ends otherwise is one."""
        while not over.wait(LONGEST_ABSENCE):
            before = len(this.killed)
            for part in self.platform.parts:
                note = part.daemon.pid_file
                if note.exists() and part.daemon.process() is None:
                    assert json.loads(note.read_text())["pid"] in this.pids, f"{part.name} ended by itself"
            try:
                self.platform.up()
            except UserError:
                if len(this.killed) == before:
                    raise


@contextmanager
def marathon(crowd: int, draw: random.Random, *, inner_tls: bool) -> Iterator[Marathon]:
    """A platform with a place, its team and so many beneficiaries. Its folder is kept when something fails."""
    state = Path(tempfile.mkdtemp(prefix="chaos-"))
    platform = Platform(state, Ports.free(), inner_tls=inner_tls)
    try:
        platform.up()
        staff = ensure_staff(platform)
        client = GatewayClient(platform.url)
        team = [sign_in(client, staff[who]) for who in STAFF]
        now = datetime.now(UTC)
        narrator = Narrator(Console(quiet=True))
        scene = Scene(client, narrator, Maildir(state / "mail"), *team, now=now)
        place = the_place.opens(scene, now + timedelta(days=10))
        account = money.submit_bank_account(client, place.pro, place.structure_id, place.place)
        money.accept_bank_account(client, scene.finance, account["id"])
        young = [YoungPerson.of_age(18, now.date()) for _ in range(crowd)]
        sessions = [scene.becomes_beneficiary(person)[0] for person in young]
        scene.soon(
            lambda: [bookings.wallet(client, session) for session in sessions],
            all,
            "Booking knows the credits.",
        )
        before = fortnight_end(now.date()).replace(day=1) - timedelta(days=1)
        yield Marathon(platform, scene, place, venue_of(client, place), young, draw, before)
    except Exception:
        platform.down()
        Console(stderr=True).print(f"kept: {state}", soft_wrap=True)
        raise
    except BaseException:
        platform.down()
        shutil.rmtree(state, ignore_errors=True)
        raise
    platform.down()
    shutil.rmtree(state, ignore_errors=True)


async def _compared(platform: Platform, answered: Mapping[str, str]) -> None:
    """What was answered is so, nothing else is, and all know it."""
    databases = await Databases.open(platform)
    try:
        await assert_books_agree(databases)
        made = await databases.rows("booking", "SELECT id, status FROM bookings")
        paid = {"REIMBURSED": "USED"}
        assert {str(row["id"]): paid.get(row["status"], row["status"]) for row in made} == {
            plain(id_): status for id_, status in answered.items()
        }, "what was answered is not what is in the books"
    finally:
        await databases.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench chaos", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--inner-tls", action="store_true", help="as in production")
    asked = parser.parse_args()
    console, rows, answered = Console(), [], {}
    console.print(f"seed {asked.seed}")
    with marathon(asked.people, random.Random(asked.seed), inner_tls=asked.inner_tls) as running:
        end = time.monotonic() + asked.minutes * 60
        while time.monotonic() < end:
            this = running.runs()
            answered |= this.answered
            asyncio.run(_compared(running.platform, answered))
            row = {
                "round": len(rows) + 1,
                "killed": len(this.killed),
                **{name: this.done[name] for name in COLUMNS[2:7]},
                "slowest answer s": this.slowest_seconds,
            }
            rows.append(row)
            console.print(f"{row}  [dim]{' '.join(this.killed)}[/]")
    publish("chaos", f"seed {asked.seed}: the books agree after every round", COLUMNS, rows)


if __name__ == "__main__":
    main()
