"""Chapters 7 and 8: the fortnight is closed, the place is paid, and everybody sees it."""

import hashlib
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import httpx
from lxml import etree

from local_platform.demo.acting import bookings, money
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.scene import Scene, euros
from local_platform.demo.story.the_place import Programme

SEPA = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def fortnight_end(day: date) -> date:
    """The last day, inclusive, of the half of the month in which this day is."""
    return day.replace(day=15) if day.day <= 15 else day.replace(day=monthrange(day.year, day.month)[1])


def is_paid(scene: Scene, programme: Programme, booking: dict[str, Any], young: Session) -> None:
    """Bank account, closing, files; and the booking is reimbursed."""
    client, narrator, place = scene.client, scene.narrator, programme.place
    concert_day = datetime.fromisoformat(booking["startsAt"]).date()
    last_day = fortnight_end(concert_day)
    afterwards = datetime.fromisoformat(booking["startsAt"]) + (last_day - concert_day) + timedelta(days=2)
    finance, pro = scene.finance.on(afterwards), programme.pro.on(afterwards)

    narrator.chapter("The place is paid")
    account = money.submit_bank_account(client, pro, programme.structure_id, place)
    status = money.accept_bank_account(client, finance, account["id"])
    narrator.expects(status == "ACCEPTED", "the account is accepted.", status)
    narrator.says(f"It enters {account['iban']}, {account['bic']}; the finance team accepts it.")
    batch = money.close_fortnight(client, finance, last_day)
    narrator.says(
        f"The fortnight up to {last_day:%d/%m/%Y} is closed: {batch['label']}, « {batch['transferLabel']} »."
    )
    narrator.expects(batch["sepaFile"] is None, "nobody has the order for the bank yet.", batch)
    accept = partial(money.accept_batch, client, batch_id=batch["id"])
    scene.refuses("SECOND_PERSON_NEEDED", "Accepting what one closed oneself", lambda: accept(finance))
    accepted = accept(scene.controller.on(afterwards))
    narrator.says("Somebody else of finance accepts the transfers: there is an order for the bank.")
    _check_sepa(scene, accepted, place.iban, booking["totalCents"])
    export = money.start_export(client, pro, programme.structure_id, batch["id"])
    written = scene.soon(
        lambda: money.export(client, pro, export),
        lambda found: found["job"]["state"] == "SUCCEEDED" and found["file"] is not None,
        "The spreadsheet of what was paid is written.",
    )
    text = _downloaded(written["file"]["url"])
    narrator.expects(booking["contremarque"] in text, "the reimbursement CSV names the contremarque.", text)
    rows = [line for line in text.splitlines() if line]
    narrator.says(f"The reimbursement CSV has {len(rows) - 1} row:")
    narrator.shows(rows[-1])

    narrator.chapter("Everybody sees it")
    scene.soon(
        lambda: next(each for each in bookings.my_bookings(client, young) if each["id"] == booking["id"]),
        lambda mine: mine["status"] == "REIMBURSED",
        "The young person's booking is [green]reimbursed[/].",
    )
    wallet = bookings.wallet(client, young)
    assert wallet is not None
    for mine in bookings.my_bookings(client, young):
        narrator.shows(f"{mine['offerName']} · {euros(mine['totalCents'])} · {mine['stateShown']}")
    narrator.shows(f"credit left: {euros(wallet['remainingCents'])}")
    for each in money.reimbursements(client, pro, programme.structure_id):
        narrator.says(
            f"The place reads: {each['offerName']} · {euros(each['amountCents'])} "
            f"({each['statusLabel']}, {each['transferLabel']})."
        )
    owed = money.awaiting(client, pro, programme.structure_id)
    narrator.expects(owed["count"] == 0, "nothing awaits reimbursement any more.", owed)
    seen = {each["id"]: each for each in bookings.structure_bookings(client, pro, programme.structure_id)}
    paid = (seen[booking["id"]]["reimbursement"] or {}).get("amountCents")
    narrator.expects(paid == booking["totalCents"], "the place's booking shows what was paid.", seen)


def _downloaded(url: str) -> str:
    """What a browser saves that follows the link, with no session."""
    return httpx.get(url, timeout=30).raise_for_status().text


def _check_sepa(scene: Scene, batch: dict[str, Any], iban: str, cents: int) -> None:
    """The file is what it says: its checksum, its sum, and our transfer in it."""
    narrator, file = scene.narrator, batch["sepaFile"]
    narrator.expects(file is not None, "the batch has a SEPA file.", batch)
    content = file["content"].encode()
    narrator.expects(
        hashlib.sha256(content).hexdigest() == file["sha256"], "the file has its checksum.", file
    )
    root = etree.fromstring(content)
    transfers = root.findall(f".//{{{SEPA}}}CdtTrfTxInf")
    ours = [each for each in transfers if each.findtext(f".//{{{SEPA}}}IBAN") == iban]
    narrator.expects(
        len(ours) == 1, f"one transfer goes to {iban}.", [etree.tostring(each) for each in transfers]
    )
    amount = ours[0].findtext(f".//{{{SEPA}}}InstdAmt")
    narrator.expects(amount == f"{cents / 100:.2f}", f"it is of {euros(cents)}.", amount)
    narrator.says(f"{file['name']} (pain.001.001.09): {len(transfers)} transfer, {euros(cents)} to {iban}.")
