"""No order of events loses money: what was settled for a booking that is used no more is owed back."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from finance.persistence import batches

pytestmark = pytest.mark.servers

NEXT = {"last_day": date(2026, 11, 30), "now": datetime(2026, 12, 1, 8, tzinfo=UTC)}
BOTH = "SELECT reimbursed_cents, status, reversal_of IS NULL AS price FROM pricings ORDER BY reimbursed_cents DESC"
BALANCES = """
    SELECT account, sum(amount_cents)::int AS cents FROM ledger GROUP BY account
    HAVING sum(amount_cents) <> 0 ORDER BY account
"""


def gone(state, status="CANCELLED", version=4):
    return state | {"version": version, "status": status, "used_at": None}


@pytest.fixture
async def paid(world):
    """A booking of 20 € that was used and paid: its last state, and its place."""
    structure, venue = await world.paid_place()
    state = world.used_booking(structure, venue)
    await world.publish("booking.booking.v1", state)
    await world.close()
    return state, structure, venue


@pytest.mark.parametrize("status", ["CANCELLED", "CONFIRMED"])
async def test_a_paid_booking_that_is_used_no_more_is_owed_back_at_once(world, paid, status):
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state, status))
    assert await world.rows(BOTH) == [
        {"reimbursed_cents": 20_00, "status": "processed", "price": True},
        {"reimbursed_cents": -20_00, "status": "validated", "price": False},
    ]
    assert await world.rows(BALANCES) == [
        {"account": "owed to structure", "cents": -20_00},
        {"account": "paid out", "cents": 20_00},
    ]


async def test_the_others_hear_that_its_price_holds_no_more(world, paid):
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state))
    heard = await world.rows(
        """
        SELECT type, convert_from(payload, 'UTF8')::jsonb ->> 'version' AS version FROM outbox
        WHERE topic = 'finance.reimbursement.v1' ORDER BY id
        """
    )
    assert heard == [
        {"type": "reimbursement.paid", "version": "2"},
        {"type": "reimbursement.cancelled", "version": "3"},
    ]


async def test_the_next_transfer_is_less_by_it(world, paid):
    state, structure, venue = paid
    await world.publish("booking.booking.v1", gone(state))
    await world.used(structure, venue, unit_price_cents=50_00, used_at=datetime(2026, 11, 20, tzinfo=UTC))
    batch = await world.close(**NEXT)
    assert (batch.total_cents, batch.booking_count) == (30_00, 1)
    assert await world.rows(BALANCES) == [
        {"account": "credit", "cents": -50_00},
        {"account": "paid out", "cents": 50_00},
    ]


async def test_a_debt_waits_where_nothing_else_is_due(world, paid):
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state))
    batch = await world.close(**NEXT)
    assert (batch.total_cents, batch.transfer_count) == (0, 0)
    assert await world.value("SELECT count(*) FROM pricings WHERE status = 'validated'") == 1


async def test_an_account_that_was_paid_nothing_for_ninety_days_gets_a_debit_note(world, paid):
    state, structure, _ = paid
    await world.publish("booking.booking.v1", gone(state))
    await world.close(date(2027, 2, 15), datetime(2027, 2, 16, 8, tzinfo=UTC))
    assert await world.rows("SELECT structure_id, amount_cents FROM debit_notes") == [
        {"structure_id": structure, "amount_cents": 20_00}
    ]
    assert await world.rows(BALANCES) == [
        {"account": "claimed", "cents": -20_00},
        {"account": "paid out", "cents": 20_00},
    ]
    assert await world.value("SELECT count(*) FROM pricings WHERE status = 'validated'") == 0


async def test_used_again_it_is_paid_again(world, paid):
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state, "CONFIRMED"))
    again = state | {"version": 5, "used_at": datetime(2026, 11, 21, tzinfo=UTC)}
    await world.publish("booking.booking.v1", again)
    batch = await world.close(**NEXT)
    assert batch.total_cents == 0, "what is due and what is owed even out"
    assert await world.rows(BALANCES) == [
        {"account": "credit", "cents": -20_00},
        {"account": "paid out", "cents": 20_00},
    ]
    await world.publish("booking.booking.v1", gone(state, version=6))
    assert await world.value("SELECT count(*) FROM pricings WHERE reversal_of IS NOT NULL") == 2
    assert await world.value("SELECT sum(reimbursed_cents) FROM pricings WHERE status <> 'cancelled'") == 0


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_however_often_it_is_heard_it_is_owed_back_once(world, paid, times):
    state, _, _ = paid
    for _ in range(times):
        await world.publish("booking.booking.v1", gone(state), gone(state))
    assert await world.value("SELECT count(*) FROM pricings WHERE reversal_of IS NOT NULL") == 1


@pytest.mark.parametrize("status", ["USED", "REIMBURSED"])
async def test_one_that_stays_used_owes_nothing(world, paid, status):
    state, _, _ = paid
    await world.publish("booking.booking.v1", state | {"version": 4, "status": status})
    assert await world.value("SELECT count(*) FROM pricings") == 1


async def test_an_older_event_takes_nothing_back(world, paid):
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state, "CONFIRMED", version=2))
    assert await world.value("SELECT count(*) FROM pricings") == 1


async def test_before_it_is_settled_a_price_is_simply_undone(world):
    structure = await world.structure(name="Sans compte")
    venue = await world.venue(structure)
    state = world.used_booking(structure, venue)
    await world.publish("booking.booking.v1", state)
    await world.close()
    await world.publish("booking.booking.v1", gone(state))
    await world.close(**NEXT)
    assert [row["status"] for row in await world.rows(BOTH)] == ["cancelled"]
    assert await world.rows(BALANCES) == []


async def test_a_free_booking_owes_nothing_and_is_reversed_all_the_same(world):
    structure, venue = await world.paid_place()
    state = world.used_booking(structure, venue, unit_price_cents=0)
    await world.publish("booking.booking.v1", state)
    await world.close()
    await world.publish("booking.booking.v1", gone(state))
    assert await world.rows(BALANCES) == []
    assert await world.value("SELECT count(*) FROM pricings WHERE reversed_at IS NOT NULL") == 1


async def test_the_counter_forgets_what_was_taken_back(world):
    structure, venue = await world.paid_place()
    state = world.used_booking(structure, venue, unit_price_cents=20_000_00)
    await world.publish("booking.booking.v1", state)
    await world.close()
    await world.publish("booking.booking.v1", gone(state))
    await world.used(structure, venue, unit_price_cents=100_00, used_at=datetime(2026, 11, 20, tzinfo=UTC))
    await world.close(**NEXT)
    assert await world.rows("SELECT rate_bp FROM pricings WHERE booked_cents = 10000") == [
        {"rate_bp": 10_000}
    ]


async def leave_while_a_close_runs(world, states):
    """A close has read the bookings as used; they leave before it commits."""
    closing = asyncio.Event()
    left = asyncio.Event()

    async def close(connection):
        await batches.close_alone(connection)
        closing.set()
        await left.wait()

    async def leave():
        await closing.wait()
        await world.publish("booking.booking.v1", *[gone(state) for state in states])
        left.set()

    await asyncio.gather(world.runtime.database.run(close), leave())


async def test_one_that_leaves_while_a_close_runs_is_noted_and_owed_back_after_it(world, paid):
    state, structure, venue = paid
    await leave_while_a_close_runs(world, [state])
    assert await world.value("SELECT count(*) FROM pricings WHERE reversal_of IS NOT NULL") == 0
    assert await world.value("SELECT count(*) FROM departures") == 1
    await world.used(structure, venue)
    assert await world.value("SELECT count(*) FROM pricings WHERE reversal_of IS NOT NULL") == 1
    assert await world.value("SELECT count(*) FROM departures") == 0


async def test_the_next_close_looks_at_those_noted_if_nobody_did(world, paid):
    state, _, _ = paid
    await leave_while_a_close_runs(world, [state])
    await world.close(**NEXT)
    assert await world.value("SELECT count(*) FROM pricings WHERE reversal_of IS NOT NULL") == 1


async def test_a_price_is_reversed_once_by_whatever_reverses_it(world, paid):
    """The database's own guard, against raw SQL."""
    state, _, _ = paid
    await world.publish("booking.booking.v1", gone(state))
    with pytest.raises(Exception, match="pricings_reversed_once"):
        await world.rows(
            """
            INSERT INTO pricings (id, version, booking_id, structure_id, venue_id, booked_cents, reimbursed_cents,
                rule, revenue_cents, used_at, ordered_at, civil_year, status, priced_in, reversal_of)
            SELECT gen_random_uuid(), 1, booking_id, structure_id, venue_id, booked_cents, reimbursed_cents,
                rule, revenue_cents, used_at, ordered_at, civil_year, status, priced_in, reversal_of
            FROM pricings WHERE reversal_of IS NOT NULL RETURNING id
            """
        )
