"""The main job from end to end, through each router: what stands afterwards is what was told."""

import csv
import hashlib
from io import StringIO

import httpx
import pytest
from lxml import etree

from finance.files import sepa
from local_platform.demo.acting import bookings, money, people
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from local_platform.servers import mail_reader

from .asking import Asker
from .performance import Performance

pytestmark = pytest.mark.platform

CONCERT, BOOK, ALBUM = 1_250, 790, 999
"""What was booked, in cents."""

CREDIT = 15_000


@pytest.fixture(scope="module")
def hero(scene: Scene, performance: Performance) -> Session:
    """The young person of this performance, signed in again."""
    form = performance.asked("signUp")[0]["input"]
    return people.sign_in(scene.client, form["email"], form["password"])


@pytest.fixture(scope="module")
def pro(scene: Scene, performance: Performance) -> Session:
    form = performance.asked("signUpPro")[0]["input"]
    return people.sign_in(scene.client, form["email"], form["password"])


@pytest.fixture(scope="module")
def structure_id(performance: Performance) -> str:
    return str(performance.gave("signUpPro")[0]["structure"]["id"])


def test_the_story_is_told_to_its_end(performance: Performance) -> None:
    assert "8. Everybody sees it" in performance.text
    granted = [each["grant"]["amountCents"] for each in performance.gave("acceptIdentityCheck")]
    assert granted == [15_000, 50_000, 30_000, 15_000], "today, 2019, 2022, and a friend of today"
    assert "remboursé" in performance.text
    assert "later than the promised" not in performance.text


def test_what_was_booked_has_left_the_credit(scene: Scene, hero: Session) -> None:
    wallet = bookings.wallet(scene.client, hero)
    assert wallet is not None
    assert wallet["grantedCents"] == CREDIT
    assert wallet["spentCents"] == CONCERT + BOOK + ALBUM
    assert wallet["remainingCents"] == CREDIT - CONCERT - BOOK - ALBUM


def test_the_concert_is_reimbursed_and_the_rest_waits(scene: Scene, hero: Session) -> None:
    mine = {each["totalCents"]: each["status"] for each in bookings.my_bookings(scene.client, hero)}
    assert mine == {CONCERT: "REIMBURSED", BOOK: "CONFIRMED", ALBUM: "CONFIRMED"}


def test_the_place_is_paid_the_whole_price_once(scene: Scene, pro: Session, structure_id: str) -> None:
    (paid,) = money.reimbursements(scene.client, pro, structure_id)
    assert (paid["bookedCents"], paid["amountCents"], paid["rate"]) == (CONCERT, CONCERT, "100%")
    assert paid["status"] == "PAID"
    assert money.awaiting(scene.client, pro, structure_id) == {"count": 0, "amountCents": 0}
    shown = bookings.structure_bookings(scene.client, pro, structure_id)
    assert [each["reimbursement"] and each["reimbursement"]["amountCents"] for each in shown].count(
        CONCERT
    ) == 1


def test_the_transfer_order_is_valid_and_adds_up(performance: Performance) -> None:
    (closed,) = performance.gave("closeFortnight")
    assert closed["batch"]["sepaFile"] is closed["batch"]["acceptedAt"] is None
    (accepted,) = performance.gave("acceptBatch")
    batch, file = accepted["batch"], accepted["batch"]["sepaFile"]
    content = file["content"].encode()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    number, total = sepa.check(content)  # against the XSD, headers and transfers compared
    assert (number, total) == (file["transactionCount"], file["controlSumCents"])
    assert (number, total) == (batch["transferCount"], batch["totalCents"])
    assert (
        sum(
            each.text == performance.asked("submitBankAccount")[0]["input"]["iban"]
            for each in _ibans(content)
        )
        == 1
    )


def _ibans(content: bytes) -> list[etree._Element]:
    return list(etree.fromstring(content).iter("{*}IBAN"))


def test_the_reimbursement_csv_behind_its_link_names_what_was_paid(
    platform: Platform, performance: Performance
) -> None:
    export = performance.gave("reimbursementExport")[-1]
    assert (export["job"]["state"], export["job"]["done"], export["job"]["total"]) == ("SUCCEEDED", 1, 1)
    url = export["file"]["url"]
    assert url.startswith(f"{platform.address}/files/finance/"), "the door's"
    followed = httpx.get(url, timeout=60)
    assert followed.headers["content-type"].startswith("text/csv")
    assert followed.headers["content-disposition"].startswith("attachment")
    (row,) = csv.DictReader(StringIO(followed.text.removeprefix("\ufeff")), delimiter=";")
    code = performance.gave("bookOffer")[0]["booking"]["contremarque"]
    assert f'="{code}"' in row.values()
    assert list(row.values()).count("12,50") == 2, "booked and reimbursed"
    assert httpx.get(url.replace("signature=", "signature=x"), timeout=60).status_code == 404


def test_both_were_written_to(platform: Platform, performance: Performance) -> None:
    code = performance.gave("bookOffer")[0]["booking"]["contremarque"]
    told = [mail for mail in mail_reader.read_all(platform.state / "mail") if code in mail.text]
    place, hero = performance.asked("createVenue")[0]["input"], performance.asked("signUp")[0]["input"]
    assert {mail.recipient for mail in told} == {place["bookingEmail"], hero["email"]}
    assert len(told) == 2, "each once"


def test_a_reimbursed_booking_opens_nothing_more(
    asker: Asker, performance: Performance, pro: Session
) -> None:
    code = performance.gave("bookOffer")[0]["booking"]["contremarque"]
    reply = asker.ask(bookings.VALIDATE, pro, code=code)
    assert reply.verdict == "REIMBURSEMENT_STARTED"
