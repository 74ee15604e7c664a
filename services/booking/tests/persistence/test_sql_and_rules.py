"""Where SQL decides what a pure rule says, both are given the same random rows."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from booking.domain.automatic import is_expired_by, is_used_by, is_warned_by, started_before
from booking.domain.booking import Status
from booking.domain.stock import capacity_kept
from booking.domain.subcategories import SUBCATEGORIES, Deposit, subcategory_of
from booking.domain.wallet import Envelope, Purchase, Wallet
from booking.persistence import book_statement, bookings, tables, wallets
from booking.persistence.bookings import BEFORE_ALL
from booking.persistence.records import BookingRecord
from booking_support.world import NOW, World
from chassis.ids import new_id

pytestmark = [pytest.mark.servers, pytest.mark.parametrize("seed", [1, 2, 3])]

STATUSES = ["CONFIRMED", "CONFIRMED", "USED", "CANCELLED", "REIMBURSED"]


async def some_bookings(world: World, chance: random.Random) -> list[BookingRecord]:
    """One of each of two hundred people, of any age, status, kind and start, some exactly on a bound."""
    like = await world.booked(await world.person(), await world.event_stock())
    edges = [timedelta(0), timedelta(hours=48), timedelta(days=10), timedelta(days=30), timedelta(days=23)]

    def ago() -> datetime:
        spread = timedelta(minutes=chance.randrange(60 * 24 * 60))
        return NOW - (chance.choice(edges) if chance.random() < 0.3 else spread)

    rows = []
    for number in range(200):
        status = chance.choice(STATUSES)
        kind = subcategory_of(chance.choice(sorted(SUBCATEGORIES)))
        rows.append(
            {
                **{name: getattr(like, name) for name in book_statement.BOOKED},
                "id": new_id(),
                "token": f"{number:06d}",
                "person_id": new_id(),
                "status": status,
                "subcategory_id": kind.id,
                "created_at": ago(),
                "starts_at": ago() if kind.is_event else None,
                "used_at": NOW if status in ("USED", "REIMBURSED") else None,
                "cancelled_at": NOW if status == "CANCELLED" else None,
                "reimbursed_at": None,
            }
        )
    async with world.runtime.database.engine.begin() as connection:
        await connection.execute(sa.insert(tables.bookings), rows)
        return list((await bookings.by_ids(connection, [row["id"] for row in rows])).values())


async def test_what_the_night_uses(world: World, seed: int) -> None:
    records = await some_bookings(world, random.Random(seed))
    bound = started_before(NOW)
    assert bound is not None
    async with world.runtime.database.engine.begin() as connection:
        by_sql = {record.id for record in await bookings.lock_started(connection, bound, 1_000)}
    by_rule = {r.id for r in records if is_used_by(NOW, Status(r.status), r.starts_at)}
    assert by_sql == by_rule
    assert by_rule


async def test_nothing_that_expires_or_is_warned_of_is_left_out(world: World, seed: int) -> None:
    records = await some_bookings(world, random.Random(seed))
    async with world.runtime.database.read() as connection:
        by_sql = {record.id for record in await bookings.unclaimed(connection, NOW, BEFORE_ALL, 1_000)}
    today = NOW.astimezone(UTC).date()
    by_rule = {
        record.id
        for record in records
        for rule in (is_expired_by, is_warned_by)
        if rule(today, Status(record.status), subcategory_of(record.subcategory_id), record.created_at)
    }
    assert by_rule <= by_sql
    assert by_rule


async def test_which_wallet_pays(world: World, seed: int) -> None:
    chance = random.Random(seed)
    stock = await world.event_stock()
    for _ in range(30):
        person = await world.person(amount_cents=None)
        for _ in range(chance.randrange(4)):
            expires = chance.choice([None, NOW, NOW + timedelta(seconds=1), NOW - timedelta(days=9)])
            granted = NOW - timedelta(days=chance.randrange(3))
            await world.grant(person, chance.randrange(300_00), granted_at=granted, expires_at=expires)
        async with world.runtime.database.driver() as driver:
            facts = await book_statement.read(driver, person_id=person, key=new_id(), stock_id=stock, now=NOW)
        async with world.runtime.database.read() as connection:
            credits = (await wallets.of_persons(connection, [person])).get(person, ())
        envelopes = tuple(credit.envelope for credit in credits)
        current = Wallet(envelopes).current(NOW) or (envelopes[-1] if envelopes else None)
        assert facts.wallet_id == (None if current is None else UUID(current.id))


async def test_whether_a_wallet_can_pay(world: World, seed: int) -> None:
    """The guard of the statement lets through what the rules let through, to the cent."""
    chance = random.Random(seed)
    outcomes = set()
    for _ in range(30):
        cap = chance.choice([None, 100_00])
        person = await world.person(amount_cents=None)
        await world.grant(person, 150_00, digital_cap_cents=cap)
        stock = await world.thing_stock(
            "VOD", url="vod.example", price_cents=chance.choice([1, 50_00, 100_00])
        )
        spent, digital = chance.choice(
            [(0, 0), (50_00, 0), (50_00, 50_00), (149_99, 99_99), (150_00, 100_00)]
        )
        await world.one(
            "UPDATE wallets SET spent_cents = :spent, digital_spent_cents = :digital"
            " WHERE person_id = :id RETURNING id",
            spent=spent,
            digital=digital,
            id=person,
        )
        envelope = Envelope("", 150_00, None, cap, None, spent, digital)
        row = await world.one("SELECT price_cents FROM stocks WHERE id = :id", id=stock)
        purchase = Purchase(row.price_cents, Deposit.DIGITAL)
        allowed = Wallet((envelope,)).refuse(purchase, NOW) is None
        assert await _guard_lets_through(world, person, row.price_cents) == allowed
        outcomes.add(allowed)
    assert outcomes == {True, False}


async def _guard_lets_through(world: World, person: UUID, cents: int) -> bool:
    guard = f"SELECT count(*) AS n FROM wallets WHERE person_id = :id {book_statement.WALLET_GUARD}"
    row = await world.one(guard, id=person, total_cents=cents, digital_cents=cents, physical_cents=0)
    return bool(row.n)


async def test_what_is_taken_stays_honoured(world: World, seed: int) -> None:
    chance = random.Random(seed)
    offer = await world.offer()
    for _ in range(30):
        stock, taken = await world.stock(offer, quantity=None), chance.randrange(5)
        await world.one("UPDATE stocks SET taken = :n WHERE id = :id RETURNING id", n=taken, id=stock)
        offered = chance.choice([None, 0, 1, 2, 5, 100])
        await world.stock(offer, id=stock, quantity=offered)
        assert await world.left(stock) == (capacity_kept(offered, taken), taken)
