"""An offer is rejected: what was booked of it is taken back, but for what is final."""

from datetime import datetime, timedelta

import pytest

from booking.persistence.records import BookingRecord
from booking_support.world import NOW, World

pytestmark = pytest.mark.servers


async def status(world: World, record: BookingRecord) -> str:
    found: str = (await world.one("SELECT status FROM bookings WHERE id = :id", id=record.id)).status
    return found


async def used_event(world: World, at: datetime) -> tuple[BookingRecord, object]:
    offer = await world.offer()
    start = (at - timedelta(hours=1)).isoformat()
    stock = await world.stock(offer, starts_at=start, booking_limit_at=start)
    record = await world.booked(await world.person(), stock, now=at - timedelta(days=3))
    used = await world.validate(record.token, now=at)
    assert isinstance(used, BookingRecord), used
    return used, offer


async def test_R05_waiting_bookings_and_used_ones_of_events_are_cancelled(world: World) -> None:
    used, offer = await used_event(world, NOW)
    await world.offer(id=offer, validation="REJECTED")
    assert await status(world, used) == "CANCELLED"
    assert await world.spent(used.person_id) == (0, 0)
    kind = (await world.one("SELECT kind FROM outgoing_mails ORDER BY id DESC LIMIT 1")).kind
    assert kind == "cancelled_pro"

    book = await world.offer("LIVRE_PAPIER", is_duo=False)
    thing = {"starts_at": None, "booking_limit_at": None}
    waiting = await world.booked(await world.person(), await world.stock(book, **thing))
    handed_over = await world.booked(await world.person(), waiting.stock_id)
    await world.validate(handed_over.token, now=NOW)
    await world.offer("LIVRE_PAPIER", id=book, is_duo=False, validation="REJECTED")
    assert (await status(world, waiting), await status(world, handed_over)) == ("CANCELLED", "USED")


async def test_what_its_fortnight_has_made_final_stays(world: World) -> None:
    used, offer = await used_event(world, datetime.fromisoformat("2026-11-12T20:00:00Z"))
    await world.offer(id=offer, validation="REJECTED")
    assert await status(world, used) == "USED"


async def test_rejected_again_or_in_an_older_version_it_changes_nothing_more(world: World) -> None:
    offer = await world.offer()
    await world.offer(id=offer, validation="REJECTED")
    await world.offer(id=offer)
    stock = await world.stock(offer)
    record = await world.booked(await world.person(), stock)
    await world.offer(id=offer, validation="REJECTED", version=1)
    await world.offer(id=offer, is_active=False)
    assert await status(world, record) == "CONFIRMED"
