"""What the jobs of the night do, on the days of the worked examples moved to this year."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.jobs.auto_use import AUTO_USE
from booking.jobs.expire import EXPIRE
from booking.jobs.warn import WARN
from booking_support.world import NOW, START, World
from chassis.testing import do_job

pytestmark = pytest.mark.servers


def night(month: int, day: int, hour: int = 0, minute: int = 0) -> tuple[str, str]:
    return ("--at", datetime(2026, month, day, hour, minute, tzinfo=UTC).isoformat())


async def status(world: World, id_: object) -> str:
    found: str = (await world.one("SELECT status FROM bookings WHERE id = :id", id=id_)).status
    return found


async def test_an_event_nobody_scanned_is_used_by_the_third_night(world: World) -> None:
    event = await world.booked(await world.person(), await world.event_stock())
    thing = await world.booked(await world.person(), await world.thing_stock())
    assert await do_job(world.runtime, AUTO_USE, *night(12, 22)) == "0 bookings of past events used"
    assert await do_job(world.runtime, AUTO_USE, *night(12, 23)) == "1 bookings of past events used"
    assert await do_job(world.runtime, AUTO_USE, *night(12, 24)) == "0 bookings of past events used"
    assert await status(world, event.id) == "USED"
    assert await status(world, thing.id) == "CONFIRMED"
    published = (await world.events("booking.booking.v1"))[-1]
    assert (published["id"], published["used_at"]) == (str(event.id), "2026-12-23T00:00:00Z")
    assert datetime(2026, 12, 23, tzinfo=UTC) - START > timedelta(hours=48)


async def test_a_book_is_warned_of_once_and_expires(world: World) -> None:
    person = await world.person()
    book = await world.booked(person, await world.thing_stock(), now=NOW)  # 22 November 10:00
    dvd = await world.booked(await world.person(), await world.thing_stock("SUPPORT_PHYSIQUE_FILM"), now=NOW)
    vod = await world.booked(await world.person(), await world.thing_stock("VOD", url="x.fr"), now=NOW)
    assert await do_job(world.runtime, WARN, *night(11, 26, 5, 30)) == "0 beneficiaries warned"
    assert await do_job(world.runtime, WARN, *night(11, 27, 5, 30)) == "1 beneficiaries warned"
    assert await do_job(world.runtime, WARN, *night(11, 27, 5, 31)) == "0 beneficiaries warned"
    assert (await world.mails())[-1] == ("expires_soon", str(book.id))

    assert await do_job(world.runtime, EXPIRE, *night(12, 2, 5)) == "0 unclaimed bookings expired"
    assert await do_job(world.runtime, EXPIRE, *night(12, 3, 5)) == "1 unclaimed bookings expired"
    assert await status(world, book.id) == "CANCELLED"
    assert await world.spent(person) == (0, 0)
    assert (await world.events("booking.booking.v1"))[-1]["cancellation_reason"] == "EXPIRED"
    assert await do_job(world.runtime, EXPIRE, *night(12, 23, 5)) == "1 unclaimed bookings expired"
    assert (await status(world, dvd.id), await status(world, vod.id)) == ("CANCELLED", "CONFIRMED")
