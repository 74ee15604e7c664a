"""Loading the demo set: every place signs up, is validated, makes its offers and publishes them.

One place and one young person with a credit are shown to the newcomer, in `accounts.json`.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from local_platform.demo.accounts import Account, known_accounts, remember, sign_in
from local_platform.demo.acting import offers, people
from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.demo.story.cast import Place, YoungPerson
from local_platform.platform.platform import Platform
from local_platform.servers.mail_reader import Mailbox, Maildir

PARIS = ZoneInfo("Europe/Paris")
PLACES = Path(__file__).with_name("places.toml")
AT_A_TIME = 3


@dataclass
class Progress:
    """The structures that are loaded, on the disk: an interrupted loading goes on where it was."""

    file: Path
    lock: Lock = field(default_factory=Lock)

    def loaded(self) -> set[str]:
        return set(json.loads(self.file.read_text())) if self.file.exists() else set()

    def add(self, structure: str) -> int:
        """One more; how many there are now."""
        with self.lock:
            known = self.loaded() | {structure}
            self.file.write_text(json.dumps(sorted(known), ensure_ascii=False))
            return len(known)


def ensure_demo_set(
    platform: Platform, staff: Mapping[str, Account], tell: Callable[[int, int], None]
) -> bool:
    """Load what is not there yet; `tell` hears how many places are loaded, of how many.

    False when mails go elsewhere than to the local mailbox: nobody could follow their links.
    """
    if platform.external.smtp is not None:
        return False
    places = tomllib.loads(PLACES.read_text())["place"]
    progress = Progress(platform.state / "demo_set.json")
    missing = [place for place in places if place["structure"] not in progress.loaded()]
    if not missing and "beneficiary" in known_accounts(platform):
        return True
    mailbox = Maildir(platform.state / "mail")
    with closing(GatewayClient(platform.url)) as client:
        admin = sign_in(client, staff["admin"])

        def load(entry: Mapping[str, Any]) -> None:
            account = _load_place(client, admin, entry, mailbox)
            if entry.get("shown"):
                remember(platform, "pro", account)
            tell(progress.add(entry["structure"]), len(places))

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(load, missing))
        person = YoungPerson.of_age(18, datetime.now(UTC).date())
        people.become_beneficiary(client, mailbox, admin, person)
        remember(platform, "beneficiary", Account(person.email, person.password))
    return True


def _load_place(client: GatewayClient, admin: Session, entry: Mapping[str, Any], mailbox: Mailbox) -> Account:
    place = Place(
        structure_name=entry["structure"],
        venue_name=entry["venue"],
        street=entry["street"],
        postal_code=entry["postal_code"],
        city=entry["city"],
        first_name="Dominique",
        last_name="Marchand",
    )
    structure_id = people.sign_up_place(client, place)["id"]
    people.confirm_address(client, place, mailbox)
    people.validate_structure(client, admin, structure_id)
    pro = people.sign_in(client, place.email, place.password)
    venue_id = offers.create_venue(client, pro, structure_id, place)["id"]
    for offer in entry["offer"]:
        where = offers.virtual_venue(client, pro, structure_id) if "url" in offer else venue_id
        offer_id = offers.create_offer(client, pro, where, _fields(offer, place))
        if "in_days" in offer:
            dates = [_moment(days, offer["hour"]) for days in offer["in_days"]]
            offers.add_dates(client, pro, offer_id, offer["prices"], dates, offer["places"])
        else:
            offers.add_copies(client, pro, offer_id, offer["price"], offer.get("copies"))
        offers.publish(client, pro, offer_id)
    return Account(place.email, place.password)


def _fields(offer: Mapping[str, Any], place: Place) -> dict[str, Any]:
    fields = {
        "subcategoryId": offer["subcategory"],
        "name": offer["name"],
        "description": offer.get("description"),
        "isDuo": offer.get("duo", False),
        "isbn": offer.get("isbn"),
        "url": offer.get("url"),
    }
    if "in_days" in offer:
        fields["withdrawal"] = {"type": "NO_TICKET", "bookingContact": place.booking_email}
    return fields


def _moment(in_days: int, hour: int) -> datetime:
    """That hour in Paris, so many days from today, in UTC."""
    day = date.today() + timedelta(days=in_days)  # noqa: DTZ011 — the person's own calendar
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)
