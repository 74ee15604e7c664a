"""Chapter 6: the evening of the concert, at the Guichet."""

from datetime import datetime, timedelta
from typing import Any

from local_platform.demo.acting import bookings, money
from local_platform.demo.gateway_client import Session
from local_platform.demo.story.cast import YoungPerson
from local_platform.demo.story.scene import Scene, euros
from local_platform.demo.story.the_place import Programme


def lets_in(
    scene: Scene, programme: Programme, hero: YoungPerson, booking: dict[str, Any], stranger: Session
) -> None:
    """The contremarque is looked at, validated once, and finance hears of it."""
    client, narrator, code = scene.client, scene.narrator, booking["contremarque"]
    evening = datetime.fromisoformat(booking["startsAt"]) - timedelta(minutes=20)
    narrator.chapter(f"The evening of the concert, {evening:%d/%m/%Y %H:%M} UTC, at the Guichet")
    scene.refuses(
        "NOT_USABLE_YET", "Validating it today", lambda: bookings.validate(client, programme.pro, code)
    )
    pro = programme.pro.on(evening)
    shown = bookings.look_up(client, pro, code.lower())
    narrator.expects(shown is not None and shown["obstacle"] is None, "the Guichet shows who comes.", shown)
    assert shown is not None
    who, what = shown["booking"]["beneficiary"], shown["booking"]
    narrator.expects(who["lastName"] == hero.last_name, f"it is {hero.last_name}'s.", who)
    narrator.says(f"{code}: {who['firstName']} {who['lastName']}, {what['quantity']} × {what['offerName']}.")
    used = bookings.validate(client, pro, code)
    narrator.expects(used["status"] == "USED", "the booking is used.", used)
    narrator.says("[green]Validated[/]: come in.")
    scene.refuses("ALREADY_USED", "The same code again", lambda: bookings.validate(client, pro, code))
    scene.refuses(
        "CONTREMARQUE_NOT_FOUND", "A code that is nobody's", lambda: bookings.validate(client, pro, "ZZZZZZ")
    )
    scene.soon(
        lambda: money.awaiting(client, pro, programme.structure_id),
        lambda owed: owed["count"] == 1 and owed["amountCents"] == booking["totalCents"],
        f"Finance knows: {euros(booking['totalCents'])} await reimbursement.",
    )
