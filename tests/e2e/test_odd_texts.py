"""Names in any script are kept as they are; what could end a line or a header never is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from local_platform.demo.acting import bookings, offers, people
from local_platform.demo.story.cast import YoungPerson, new_isbn
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from local_platform.servers import mail_reader

from .books import on_sale
from .conftest import beneficiary
from .world import World

pytestmark = pytest.mark.platform

VICTIM = "victime@ailleurs.example"


@pytest.mark.parametrize(
    "name", ["Zoé-Élise O’Neill", "ليلى", "נועה", "愛", "Anne 🎸", "<b>Anne</b>", "{{ Anne * 7 }}"]
)
def test_a_name_in_any_script_arrives_in_the_mail_as_it_is(name: str, scene: Scene) -> None:
    person = YoungPerson.of_age(18, scene.now.date())
    person = YoungPerson(name, person.last_name, person.birth_date, "34000", "Montpellier")
    scene.becomes_beneficiary(person)
    mail = people.await_mail(scene.mailbox, person.email, lambda mail: "crédit" in mail.subject)
    assert f"Bonjour {name}," in mail.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nuit du jazz 🎷 ليلة", "Nuit du jazz 🎷 ليلة"),
        ("  Un   livre\t", "Un livre"),
        (f"Un livre\r\nBcc: {VICTIM}", f"Un livre Bcc: {VICTIM}"),
        ("Un\0 liv\x1bre", "Un livre"),
        ("Un\u00a0li\u00advre\u202e", "Un livre"),
        ("Une e\u0301toile", "Une étoile"),
    ],
)
def test_an_offer_keeps_its_name_on_one_line(typed: str, kept: str, scene: Scene, world: World) -> None:
    form = {"subcategoryId": "LIVRE_PAPIER", "name": typed, "isbn": new_isbn()}
    offer = offers.create_offer(scene.client, world.who["pro"], world.of["venue"], form)
    seen = offers.look_at(scene.client, world.who["pro"], offer)
    assert seen is not None
    assert seen["name"] == kept


def test_no_name_adds_a_recipient_to_a_mail(platform: Platform, scene: Scene, world: World) -> None:
    """An offer whose name looks like a header is booked: the mails go to the two who must have them."""
    book = on_sale(scene, world, title=f"Livre\r\nBcc: {VICTIM}\r\n\r\nBonjour")
    bookings.book(scene.client, beneficiary(scene), book.stock)
    mailbox = platform.state / "mail"
    scene.soon(
        lambda: {each.recipient for each in mail_reader.read_all(mailbox) if VICTIM in each.text},
        lambda told: len(told) == 2,
        "Both are written to.",
    )
    assert not any(VICTIM in mail.recipient for mail in mail_reader.read_all(mailbox))
    assert not any(line.lower().startswith("bcc:") for line in _headers(mailbox))


def _headers(mailbox: Path) -> Sequence[str]:
    heads = [file.read_text(errors="replace").partition("\n\n")[0] for file in mailbox.glob("new/*")]
    return [line for head in heads for line in head.splitlines()]
