"""Closing a fortnight, on a real database."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from finance.domain.refusals import FortnightNotOver, NotAFortnightEnd
from finance.files import sepa
from finance.persistence.records import BatchRecord
from finance.persistence.tables import sepa_files

pytestmark = pytest.mark.servers

CUTOFF = datetime(2026, 11, 15, 23, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
NEXT_LAST_DAY = date(2026, 11, 30)
AFTER_THE_NEXT = datetime(2026, 12, 1, 8, tzinfo=UTC)
PRICINGS = """
    SELECT p.id, booking_id, booked_cents, reimbursed_cents, rate_bp, rule, revenue_cents, status,
           b.number AS batch, p.version
    FROM pricings p LEFT JOIN batches b ON b.id = p.batch_id ORDER BY booking_id, p.id
"""


async def events(world, topic="finance.reimbursement.v1"):
    rows = await world.rows("SELECT payload FROM outbox WHERE topic = :topic ORDER BY id", topic=topic)
    return [orjson.loads(row["payload"]) for row in rows]


async def test_a_used_booking_is_priced_paid_and_published(world):
    structure, venue = await world.paid_place()
    booking = await world.used(structure, venue)
    closed = await world.close()

    (pricing,) = await world.rows(PRICINGS)
    assert pricing["reimbursed_cents"] == 20_00
    assert (pricing["status"], pricing["rule"], pricing["batch"]) == ("processed", "STANDARD", 1)
    (batch,) = await world.rows("SELECT * FROM batches")
    assert (batch["id"], batch["cutoff"], batch["total_cents"]) == (closed.id, CUTOFF, 20_00)
    assert (batch["transfer_count"], batch["booking_count"]) == (1, 1)
    assert batch["transfer_label"] == "pass Culture Pro - remboursement 1ère quinzaine 11-2026"
    (event,) = await events(world)
    assert event == {
        "id": str(pricing["id"]),
        "version": 2,
        "booking_id": str(booking),
        "structure_id": str(structure),
        "amount_cents": 20_00,
        "rate": "1",
        "status": "paid",
        "batch_label": "VIR1",
        "paid_at": "2026-11-16T08:00:00Z",
    }


async def test_a_fortnight_is_closed_once_it_is_over_and_by_its_last_day(world):
    assert await world.close(now=CUTOFF - MOMENT) == FortnightNotOver(CUTOFF)
    assert await world.close(date(2026, 11, 14)) == NotAFortnightEnd(date(2026, 11, 14), date(2026, 11, 15))
    assert await world.value("SELECT count(*) FROM batches") == 0
    assert isinstance(await world.close(now=CUTOFF), BatchRecord)


async def test_closing_again_gives_the_same_batch_and_does_nothing(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    first = await world.close()
    await world.used(structure, venue)
    before = await world.value("SELECT count(*) FROM outbox")
    assert await world.close(now=AFTER_THE_NEXT) == first
    assert await world.value("SELECT count(*) FROM outbox") == before
    assert await world.value("SELECT count(*) FROM pricings") == 1


async def test_two_closes_at_once_make_one_batch(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    one, other = await asyncio.gather(world.close(), world.close())
    assert one == other
    assert await world.value("SELECT sum(amount_cents) FROM cashflows") == 20_00


async def test_only_what_was_used_before_the_cutoff_and_had_begun_is_taken(world):
    structure, venue = await world.paid_place()
    last_in = await world.used(structure, venue, used_at=CUTOFF - MOMENT)
    await world.used(structure, venue, used_at=CUTOFF)
    begun = await world.used(structure, venue, starts_at=CUTOFF - MOMENT)
    await world.used(structure, venue, starts_at=CUTOFF)
    await world.used(structure, venue, status="CANCELLED", used_at=None)
    await world.used(structure, venue, status="CONFIRMED", used_at=None)
    await world.close()
    assert {row["booking_id"] for row in await world.rows(PRICINGS)} == {last_in, begun}
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    assert await world.value("SELECT count(*) FROM pricings") == 4
    assert await world.value("SELECT sum(amount_cents) FROM cashflows") == 80_00


async def test_a_structure_without_an_accepted_account_waits_and_loses_nothing(world):
    structure = await world.structure()
    venue = await world.venue(structure)
    await world.used(structure, venue)
    await world.close()
    (pricing,) = await world.rows(PRICINGS)
    assert (pricing["status"], pricing["batch"]) == ("validated", None)
    assert (await events(world))[-1]["status"] == "priced"
    assert await world.value("SELECT count(*) FROM sepa_files") == 0

    await world.accepted_account(structure)
    await world.used(structure, venue, used_at=CUTOFF)
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    assert [row["status"] for row in await world.rows(PRICINGS)] == ["processed", "processed"]
    assert await world.value("SELECT sum(amount_cents) FROM cashflows") == 40_00


async def test_free_and_unreimbursed_bookings_never_make_a_payment(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue, unit_price_cents=0)
    await world.used(structure, venue, subcategory_id="VOD")
    await world.close()
    assert await world.value("SELECT count(*) FROM cashflows") == 0
    assert {event["status"] for event in await events(world)} == {"processed"}
    await world.used(structure, venue, used_at=CUTOFF, subcategory_id="VOD")
    await world.used(structure, venue, used_at=CUTOFF)
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    assert sorted(event["status"] for event in (await events(world))[2:]) == ["paid", "processed"]


async def test_the_counter_of_the_venue_goes_on_from_batch_to_batch(world):
    structure, venue = await world.paid_place()
    elsewhere = await world.venue(structure)
    await world.used(structure, venue, unit_price_cents=20_000_00)
    await world.close()
    crossing = await world.used(structure, venue, used_at=CUTOFF)
    other = await world.used(structure, elsewhere, used_at=CUTOFF)
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    found = {row["booking_id"]: row for row in await world.rows(PRICINGS)}
    assert (found[crossing]["revenue_cents"], found[crossing]["reimbursed_cents"]) == (20_020_00, 19_00)
    assert (found[other]["revenue_cents"], found[other]["reimbursed_cents"]) == (20_00, 20_00)


async def test_the_counter_restarts_on_the_first_of_january_in_paris(world):
    structure, venue = await world.paid_place()
    new_year = datetime(2025, 12, 31, 23, tzinfo=UTC)
    await world.used(structure, venue, unit_price_cents=30_000_00, used_at=new_year - MOMENT)
    first = await world.used(structure, venue, used_at=new_year)
    await world.close()
    found = {row["booking_id"]: row for row in await world.rows(PRICINGS)}
    assert found[first]["revenue_cents"] == 20_00


async def test_an_old_booking_is_priced_by_the_edition_it_was_used_under(world):
    """A structure's cap of 2018 counts what earlier batches priced under the same edition."""
    structure, venue = await world.paid_place()
    used_in_2018 = datetime(2018, 9, 1, tzinfo=UTC)
    await world.used(structure, venue, used_at=used_in_2018, unit_price_cents=22_990_00)
    await world.close()
    over = await world.used(
        structure, venue, used_at=used_in_2018 + timedelta(days=1), unit_price_cents=30_00
    )
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    found = {row["booking_id"]: row for row in await world.rows(PRICINGS)}
    assert (found[over]["revenue_cents"], found[over]["reimbursed_cents"]) == (23_020_00, 0)


async def test_a_waiting_price_is_undone_with_its_booking(world):
    structure = await world.structure()
    venue = await world.venue(structure)
    state = world.used_booking(structure, venue)
    await world.publish("booking.booking.v1", state)
    await world.close()
    await world.publish("booking.booking.v1", state | {"version": 4, "status": "CANCELLED", "used_at": None})
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    (pricing,) = await world.rows(PRICINGS)
    assert (pricing["status"], pricing["version"]) == ("cancelled", 2)
    assert [event["status"] for event in await events(world)] == ["priced", "cancelled"]
    assert await world.value("SELECT sum(amount_cents) FROM ledger WHERE account = 'owed to structure'") == 0


async def test_waiting_prices_are_found_again_when_an_earlier_booking_appears(world):
    structure = await world.structure()
    venue = await world.venue(structure)
    late = await world.used(structure, venue)
    await world.close()
    early = await world.used(
        structure, venue, used_at=datetime(2026, 11, 9, tzinfo=UTC), unit_price_cents=20_000_00
    )
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    active = {row["booking_id"]: row for row in await world.rows(PRICINGS) if row["status"] != "cancelled"}
    assert active[early]["reimbursed_cents"] == 20_000_00
    assert (active[late]["revenue_cents"], active[late]["reimbursed_cents"]) == (20_020_00, 19_00)
    assert await world.value("SELECT count(*) FROM pricings WHERE status = 'cancelled'") == 1
    assert (
        await world.value("SELECT sum(amount_cents) FROM ledger WHERE account = 'owed to structure'")
        == 20_019_00
    )


async def test_a_paid_order_is_not_broken_up_by_an_earlier_booking(world):
    structure, venue = await world.paid_place()
    paid = await world.used(structure, venue)
    await world.close()
    await world.used(structure, venue, used_at=datetime(2026, 11, 9, tzinfo=UTC), unit_price_cents=20_000_00)
    await world.close(NEXT_LAST_DAY, AFTER_THE_NEXT)
    found = {row["booking_id"]: row for row in await world.rows(PRICINGS)}
    assert found[paid]["status"] == "processed"
    assert found[paid]["reimbursed_cents"] == 20_00
    assert await world.value("SELECT count(*) FROM pricings WHERE status = 'cancelled'") == 0


async def test_the_ledger_sums_to_zero_by_entry_and_pays_out_what_the_file_says(world):
    structure, venue = await world.paid_place()
    other, other_venue = await world.paid_place(name="Théâtre de l'Œuvre", siren="552100554")
    for cents in (30_000_00, 9_99, 10_30, 0):
        await world.used(structure, venue, unit_price_cents=cents)
        await world.used(other, other_venue, unit_price_cents=cents, subcategory_id="LIVRE_PAPIER")
    await world.close()
    assert await world.value("SELECT sum(amount_cents) FROM ledger") == 0
    unbalanced = "SELECT entry_id FROM ledger GROUP BY entry_id HAVING sum(amount_cents) <> 0"
    assert await world.rows(unbalanced) == []
    (file,) = await world.rows(sa.select(sepa_files))
    count, control_sum_cents = sepa.check(file["content"].encode())
    paid_out = await world.value("SELECT sum(amount_cents) FROM ledger WHERE account = 'paid out'")
    assert control_sum_cents == file["control_sum_cents"] == paid_out
    assert count == file["transaction_count"] == 1, "both structures share one account"
    assert await world.value("SELECT count(DISTINCT end_to_end_id) FROM cashflows") == 1
    assert await world.value("SELECT count(*) FROM cashflows") == 2


async def test_any_order_and_duplication_of_events_gives_byte_identical_pricings(new_world):
    chance = random.Random(7)
    one = await new_world()
    structure, venue, other = (UUID(int=number) for number in (1, 2, 3))
    states = [
        one.used_booking(
            structure,
            chance.choice((venue, other)),
            id=UUID(int=100 + number),
            used_at=datetime(2026, 11, chance.randint(8, 9), tzinfo=UTC),
            starts_at=chance.choice((None, datetime(2026, 11, chance.randint(8, 9), 12, tzinfo=UTC))),
            unit_price_cents=chance.randint(0, 9_000_00),
            subcategory_id=chance.choice(("CONCERT", "LIVRE_PAPIER", "VOD")),
        )
        for number in range(40)
    ]
    earlier = [state | {"version": 2, "status": "CONFIRMED", "used_at": None} for state in states]

    async def priced(world, order):
        await world.structure(id=structure)
        await world.accepted_account(structure)
        for state in order:
            await world.publish("booking.booking.v1", state)
        await world.close()
        return await world.rows(PRICINGS), await world.rows(
            "SELECT payload FROM outbox WHERE topic = 'finance.reimbursement.v1' ORDER BY payload"
        )

    expected = await priced(one, states)
    shuffled = states + earlier + chance.sample(states, 15)
    chance.shuffle(shuffled)
    assert await priced(await new_world(), shuffled) == expected
    assert len(expected[0]) == 40


async def test_many_places_are_closed_part_by_part(world, monkeypatch):
    monkeypatch.setattr("finance.usecases.close_fortnight.BOOKINGS_A_PART", 50)
    cents = 0
    for _ in range(5):
        structure, venue = await world.paid_place()
        states = [
            world.used_booking(structure, venue, unit_price_cents=1_00 + number, offer_name="x")
            for number in range(44)
        ]
        await world.publish("booking.booking.v1", *states)
        cents += sum(state["unit_price_cents"] for state in states)
    closed = await world.close()
    assert (closed.total_cents, closed.booking_count, closed.transfer_count) == (cents, 220, 1)
    assert await world.value("SELECT sum(amount_cents) FROM cashflows") == cents
    assert len(await events(world)) == 220
    assert await world.value("SELECT count(*) FROM close_parts") == 0
