"""What booking makes of its neighbours' events: any order, any repetition, the newest wins."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.main import SERVICE
from booking.messages import availability, booking
from booking.persistence import bookings
from booking.persistence.records import BookingRecord
from booking_support.world import NOW, START, World
from chassis.clock import iso
from chassis.ids import new_id
from chassis.republish import republish

pytestmark = pytest.mark.servers


async def test_an_older_state_never_wins(world: World) -> None:
    offer, id_ = await world.offer(), new_id()
    await world.tell("catalog.offer.v1", id=offer, **_offer(world, name="nouveau"), version=50)
    await world.tell("catalog.offer.v1", id=offer, **_offer(world, name="ancien"), version=49)
    assert (await world.one("SELECT name FROM offers WHERE id = :id", id=offer)).name == "nouveau"
    stock = {"id": id_, "offer_id": offer, "price_cents": 1, "quantity": 5, "is_deleted": False}
    await world.tell("catalog.stock.v1", **stock, version=9)
    await world.tell("catalog.stock.v1", **{**stock, "quantity": 9}, version=8)
    await world.tell("catalog.stock.v1", **{**stock, "quantity": 7}, version=9)
    assert await world.left(id_) == (5, 0)
    assert len(await world.events(availability.TOPIC)) == 1


def _offer(world: World, **facts: object) -> dict[str, object]:
    usual = {"venue_id": world.venue_id, "subcategory_id": "CONCERT", "is_duo": True, "is_active": True}
    return {**usual, "validation": "APPROVED", **facts}


async def test_a_quantity_below_what_is_taken_is_clamped(world: World) -> None:
    offer = await world.offer()
    stock = await world.stock(offer, quantity=10)
    await world.booked(await world.person(), stock, quantity=2)
    await world.stock(offer, id=stock, quantity=1)
    assert await world.left(stock) == (2, 2)
    assert (await world.events(availability.TOPIC))[-1]["remaining"] == 0
    await world.stock(offer, id=stock, quantity=None)
    assert await world.left(stock) == (None, 2)


async def test_E63_a_price_edited_after_booking_changes_neither_the_booking_nor_what_comes_back(
    world: World,
) -> None:
    offer, person = await world.offer(), await world.person()
    stock = await world.stock(offer, price_cents=20_00)
    record = await world.booked(person, stock)
    await world.stock(offer, id=stock, price_cents=25_00)
    async with world.runtime.database.read() as connection:
        after = await bookings.by_id(connection, record.id)
    assert after is not None
    assert (after.unit_price_cents, await world.spent(person)) == (20_00, (20_00, 0))
    await world.stock(offer, id=stock, is_deleted=True)
    assert await world.spent(person) == (0, 0)


async def test_a_grant_keeps_what_was_spent(world: World) -> None:
    person = await world.person(amount_cents=None)
    grant = await world.grant(person, 20_00)
    await world.booked(person, await world.event_stock())
    await world.grant(person, 50_00, id=grant)
    row = await world.one("SELECT amount_cents, spent_cents FROM wallets WHERE id = :id", id=grant)
    assert tuple(row) == (50_00, 10_00)
    await world.grant(person, 5_00, id=grant, digital_cap_cents=None)
    row = await world.one("SELECT amount_cents, digital_cap_cents FROM wallets WHERE id = :id", id=grant)
    assert tuple(row) == (10_00, None)


async def test_a_deleted_stock_takes_its_bookings_with_it(world: World) -> None:
    offer, person = await world.offer(), await world.person()
    stock = await world.stock(offer)
    record = await world.booked(person, stock)
    await world.stock(offer, id=stock, is_deleted=True)
    async with world.runtime.database.read() as connection:
        after = await bookings.by_id(connection, record.id)
    assert after is not None
    assert (after.status, after.cancellation_reason) == ("CANCELLED", "OFFERER")
    assert await world.spent(person) == (0, 0)
    assert await world.left(stock) == (100, 0)
    versions = [event["version"] for event in await world.events(availability.TOPIC)]
    assert versions == [1, 2, 3, 4]


async def test_a_moved_start_moves_the_limit_and_reopens_what_was_used(world: World) -> None:
    offer, now = await world.offer(), world.runtime.clock.now()
    stock = await world.stock(offer, starts_at=iso(now + timedelta(hours=1)))
    record = await world.booked(await world.person(), stock)
    await world.one(
        "UPDATE bookings SET status = 'USED', used_at = now() WHERE id = :id RETURNING id", id=record.id
    )
    await world.stock(offer, id=stock, starts_at=iso(START))
    async with world.runtime.database.read() as connection:
        after = await bookings.by_id(connection, record.id)
    assert after is not None
    assert (after.status, after.used_at, after.starts_at) == ("CONFIRMED", None, START)
    assert after.cancellation_limit_at == now + timedelta(hours=48)
    assert (await world.mails())[-1] == ("rescheduled", str(record.id))
    assert (await world.events(booking.TOPIC))[-1]["type"] == "booking.rescheduled"


CUTOFF = datetime(2026, 11, 30, 23, tzinfo=UTC)
PAID_AT = CUTOFF + timedelta(hours=1)
PAYMENTS = "finance.reimbursement.v1"


async def test_a_payment_reimburses_a_used_booking_once(world: World) -> None:
    record = await world.booked(await world.person(), await world.thing_stock("CARTE_MUSEE", price_cents=0))
    payment = {"id": new_id(), "booking_id": record.id}
    await world.tell(PAYMENTS, **payment, status="paid", paid_at=iso(PAID_AT), version=5)
    await world.tell(PAYMENTS, **payment, status="priced", paid_at=None, version=4)
    await world.tell(PAYMENTS, **payment, status="paid", paid_at=iso(PAID_AT), version=5)
    events = await world.events(booking.TOPIC)
    assert [event["status"] for event in events] == ["USED", "REIMBURSED"]
    assert events[-1]["reimbursed_at"] == iso(PAID_AT)


@pytest.mark.parametrize(
    "used_again_at", [CUTOFF, PAID_AT - timedelta(minutes=1), PAID_AT, NOW + timedelta(90)]
)
async def test_a_late_payment_does_not_pay_for_a_use_that_came_after_it(
    world: World, used_again_at: datetime
) -> None:
    """Undone just before the cutoff, which finance hears of after it has paid; and validated again."""
    record = await _used_twice(world, again_at=used_again_at)
    payment = {"id": new_id(), "booking_id": record.id, "paid_at": iso(PAID_AT)}
    await world.tell(PAYMENTS, **payment, status="paid", version=2)
    assert await _status(world, record) == "USED"
    await world.tell(PAYMENTS, **payment, status="cancelled", version=3)
    assert await _status(world, record) == "USED"
    later = {"id": new_id(), "booking_id": record.id, "paid_at": iso(used_again_at + timedelta(days=20))}
    await world.tell(PAYMENTS, **later, status="paid")
    assert await _status(world, record) == "REIMBURSED"


async def test_what_finance_takes_back_is_used_again_unless_it_paid_otherwise(world: World) -> None:
    """Undone and validated again before the cutoff: the hour cannot tell, finance's word does."""
    record = await _used_twice(world, again_at=CUTOFF - timedelta(seconds=1))
    first, second = (
        {"id": new_id(), "booking_id": record.id, "paid_at": iso(PAID_AT + timedelta(days=days))}
        for days in (0, 15)
    )
    await world.tell(PAYMENTS, **first, status="paid")
    assert await _status(world, record) == "REIMBURSED"
    await world.tell(PAYMENTS, **first, status="cancelled")
    event = (await world.events(booking.TOPIC))[-1]
    assert (event["type"], event["status"]) == ("booking.payment_taken_back", "USED")
    assert (event["used_at"], event["reimbursed_at"]) == (iso(CUTOFF - timedelta(seconds=1)), None)
    await world.tell(PAYMENTS, **second, status="paid")
    await world.tell(PAYMENTS, **first, status="cancelled")
    assert await _status(world, record) == "REIMBURSED"


async def test_a_booking_that_was_cancelled_is_not_used_again_by_what_finance_takes_back(
    world: World,
) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.cancel(record)
    payment = {"id": new_id(), "booking_id": record.id, "paid_at": iso(PAID_AT)}
    await world.tell(PAYMENTS, **payment, status="cancelled")
    assert await _status(world, record) == "CANCELLED"


async def _used_twice(world: World, again_at: datetime) -> BookingRecord:
    record = await world.booked(await world.person(), await world.thing_stock())
    await world.validate(record.token, now=NOW)
    assert isinstance(await world.undo(record.token, now=CUTOFF - timedelta(seconds=2)), BookingRecord)
    again = await world.validate(record.token, now=again_at)
    assert isinstance(again, BookingRecord), again
    return again


async def _status(world: World, record: BookingRecord) -> str:
    found: str = (await world.one("SELECT status FROM bookings WHERE id = :id", id=record.id)).status
    return found


async def test_what_a_broker_lost_is_republished(world: World) -> None:

    stock = await world.event_stock()
    for _ in range(3):
        await world.booked(await world.person(), stock)
    before = {(e["id"], e["version"]): e for e in await world.events(booking.TOPIC)}
    left = (await world.events(availability.TOPIC))[-1]
    async with world.runtime.database.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM outbox")
    assert await republish(world.runtime.database, SERVICE.published(world.runtime)) == {
        booking.TOPIC: 3,
        availability.TOPIC: 1,
    }
    again = {
        (e["id"], e["version"]): {**e, "type": "booking.booked"} for e in await world.events(booking.TOPIC)
    }
    assert again == before
    assert await world.events(availability.TOPIC) == [left]


@pytest.mark.parametrize("change", [{"is_deleted": True}, {"starts_at": "2027-02-01T20:00:00Z"}])
async def test_what_its_fortnight_has_made_final_is_neither_withdrawn_nor_reopened(
    world: World, change: dict[str, object]
) -> None:
    used_at = datetime(2026, 11, 12, 20, tzinfo=UTC)
    offer, start = await world.offer(), iso(used_at - timedelta(hours=1))
    stock = await world.stock(offer, starts_at=start, booking_limit_at=start)
    record = await world.booked(await world.person(), stock, now=used_at - timedelta(days=3))
    await world.validate(record.token, now=used_at)
    before = await world.one("SELECT * FROM bookings WHERE id = :id", id=record.id)
    await world.stock(offer, id=stock, **{"starts_at": start, "booking_limit_at": start, **change})
    assert await world.one("SELECT * FROM bookings WHERE id = :id", id=record.id) == before
    assert await world.spent(record.person_id) == (10_00, 0)
