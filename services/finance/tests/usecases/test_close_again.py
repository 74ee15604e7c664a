"""A close is the same whatever order its events came in, wherever it was killed, and whoever finishes it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.ids import new_id
from finance.consumers import subscriptions
from finance.domain.refusals import BatchNotFound
from finance.persistence import batches
from finance.persistence.records import BatchRecord
from finance.usecases import close_fortnight as usecase
from finance.usecases.accept_batch import accept_batch
from finance_support.closes import close_within, written
from finance_support.world import AFTER_THE_FORTNIGHT, LAST_DAY, OTHER_BIC, OTHER_IBAN

pytestmark = pytest.mark.servers

SHUFFLES = 500
STRUCTURES = [UUID(int=number) for number in range(1, 8)]
VENUES = [UUID(int=100 + number) for number in range(9)]


class Killed(BaseException):
    """What a process that is killed knows of it: nothing, anywhere."""


@pytest.fixture
def same_ids(monkeypatch):
    """Accounts have the ids that they had in the world before."""

    def begin():
        numbers = iter(range(10_000, 20_000))
        monkeypatch.setattr("finance.usecases.submit_bank_account.new_id", lambda: UUID(int=next(numbers)))

    return begin


async def places(world):
    """Seven structures: two share an account, one has none."""
    for number, structure in enumerate(STRUCTURES):
        await world.structure(id=structure, name=f"Structure {number}")
        if number < 3:
            await world.accepted_account(structure)
        elif number < 6:
            await world.accepted_account(structure, OTHER_IBAN, OTHER_BIC)


def fortnight(world, chance, count):
    """Used bookings, each with an earlier state; some venues passed from one structure to another."""
    states = []
    for number in range(count):
        venue = chance.choice(VENUES)
        structure = STRUCTURES[VENUES.index(venue) % 7]
        if venue == VENUES[0] and chance.random() < 0.5:
            structure = STRUCTURES[4]
        day = datetime(2026, 11, chance.randint(8, 9), tzinfo=UTC)
        states.append(
            world.used_booking(
                structure,
                venue,
                id=UUID(int=1000 + number),
                person_id=structure,
                offer_id=venue,
                used_at=day,
                starts_at=chance.choice((None, day + timedelta(hours=12), day - timedelta(hours=12))),
                unit_price_cents=chance.choice((0, 9_99, 10_30, 9_000_00, 19_000_00)),
                subcategory_id=chance.choice(("CONCERT", "LIVRE_PAPIER", "VOD")),
                sealed="",
            )
        )
    return states


async def apply(connection, runtime, states):
    (heard,) = (each for each in subscriptions(runtime.clock) if each.topic == "booking.booking.v1")
    await heard.apply(connection, [heard.model.model_validate(state) for state in states])


@pytest.mark.timeout(900)
async def test_any_permutation_and_duplication_of_the_events_gives_the_same_bytes(world, monkeypatch):
    monkeypatch.setattr("finance.usecases.close_fortnight.BOOKINGS_A_PART", 12)
    await places(world)
    chance = random.Random(11)
    states = fortnight(world, chance, 24)
    earlier = [state | {"version": 2, "status": "CONFIRMED", "used_at": None} for state in states]
    expected = None
    for shuffle in range(SHUFFLES + 1):
        order = list(states)
        if shuffle:
            order += earlier + chance.sample(states, 9)
            chance.shuffle(order)
        async with world.runtime.database.engine.connect() as connection:
            while order:
                size = chance.randint(8, 60)
                await apply(connection, world.runtime, order[:size])
                del order[:size]
            await close_within(connection, world.runtime, LAST_DAY, AFTER_THE_FORTNIGHT)
            found = await written(connection)
            await connection.rollback()
        expected = expected or found
        assert found == expected
    pricings, *_, files = expected
    assert len(pricings) == 24
    assert files


async def test_a_close_killed_before_any_statement_goes_on_and_writes_the_same(
    new_world, monkeypatch, same_ids
):
    monkeypatch.setattr("finance.usecases.close_fortnight.BOOKINGS_A_PART", 12)
    found, kills = [], 0
    for is_killed in (False, True):
        same_ids()
        world = await new_world()
        await places(world)
        await world.publish("booking.booking.v1", *fortnight(world, random.Random(5), 40))
        engine, left = world.runtime.database.engine.sync_engine, [0]

        def kill(*_, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise Killed

        if is_killed:
            sa.event.listen(engine, "before_cursor_execute", kill)
            closed = None
            while closed is None:
                kills += 1
                left[0] = kills
                try:
                    closed = await world.close(now=AFTER_THE_FORTNIGHT + timedelta(hours=kills - 1))
                except Killed:
                    continue
            sa.event.remove(engine, "before_cursor_execute", kill)
        else:
            await world.close()
        async with world.runtime.database.engine.connect() as connection:
            found.append(await written(connection))
    assert kills > 15
    # A close that was killed before it began is begun later: its hour is the only thing that may differ.
    assert _without_hours(found[1]) == _without_hours(found[0])


def _without_hours(found):
    pricings, ledger, cashflows, batches_, events, files = found
    return (
        [row | {"paid_at": None} for row in pricings],
        [row | {"recorded_at": None} for row in ledger],
        cashflows,
        [row | {"closed_at": None, "settled_at": None} for row in batches_],
        [event.partition('"paid_at"')[0] for event in events],
        [content.partition("<PmtMtd>")[2] for _, _, content in files],
    )


CLOSER = """
import asyncio
from datetime import datetime
from chassis.clock import FixedClock
from finance.runtime import FinanceRuntime
from finance.settings import FinanceSettings
from finance.usecases import close_fortnight as usecase

async def main():
    now = datetime.fromisoformat("{now}")
    runtime = FinanceRuntime.build(FinanceSettings.load(), FixedClock(now))
    usecase.BOOKINGS_A_PART = 12
    async with runtime.database.read():
        print("ready", flush=True)
    await usecase.close_fortnight(
        runtime.database, last_day=datetime.fromisoformat("{last_day}").date(), now=now, debtor=runtime.debtor,
        execution_delay=runtime.execution_delay, by=None,
    )
    await runtime.close()

asyncio.run(main())
"""


async def test_processes_killed_at_random_leave_nothing_half_done(new_world, same_ids):
    chance, found = random.Random(3), []
    for kills in (0, 6):
        same_ids()
        world = await new_world()
        await places(world)
        await world.publish("booking.booking.v1", *fortnight(world, random.Random(6), 400))
        for kill in range(kills + 1):
            process = _closer(world)
            await asyncio.to_thread(process.stdout.readline)
            if kill < kills:
                await asyncio.sleep(chance.uniform(0, 0.6))
                process.send_signal(signal.SIGKILL)
            else:
                assert await asyncio.to_thread(process.wait) == 0
            await asyncio.to_thread(process.communicate)
        async with world.runtime.database.engine.connect() as connection:
            found.append(await written(connection))
    assert found[0] == found[1]


def _closer(world):
    settings = world.runtime.settings
    secrets = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in settings
        if value is not None
    }
    environment = {f"PASS_{name.upper()}": value for name, value in secrets.items()}
    script = CLOSER.format(now=AFTER_THE_FORTNIGHT.isoformat(), last_day=LAST_DAY.isoformat())
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        stdout=subprocess.PIPE,
    )


async def begun(world):
    return await world.runtime.database.run(
        lambda connection: usecase.begin_close(
            connection,
            last_day=LAST_DAY,
            now=AFTER_THE_FORTNIGHT,
            execution_delay=world.runtime.execution_delay,
            by=None,
        )
    )


async def test_a_batch_is_none_until_its_close_is_over(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    batch = await begun(world)

    async def accept(connection):
        return await accept_batch(connection, batch.id, by=new_id(), now=AFTER_THE_FORTNIGHT)

    assert await world.runtime.database.run(accept) == BatchNotFound()
    async with world.runtime.database.read() as connection:
        assert await batches.by_ids(connection, [batch.id]) == {}
    await usecase.finish_closes(world.runtime.database, debtor=world.runtime.debtor)
    assert isinstance(await world.runtime.database.run(accept), BatchRecord)


async def test_another_fortnight_is_closed_once_the_first_is_over(world):
    structure, venue = await world.paid_place()
    await world.used(structure, venue)
    first = await begun(world)
    second = await world.close(datetime(2026, 11, 30, tzinfo=UTC).date(), datetime(2026, 12, 1, tzinfo=UTC))
    assert (first.number, second.number) == (1, 2)
    assert await world.value("SELECT total_cents FROM batches WHERE number = 1") == 20_00
    with pytest.raises(sa.exc.IntegrityError, match="batches_one_under_way"):
        await world.runtime.database.run(
            lambda connection: connection.execute(sa.text("UPDATE batches SET settled_at = NULL"))
        )


async def test_bookings_are_heard_while_a_part_is_settled_and_what_left_is_taken_back_after(world):
    structure, venue = await world.paid_place()
    state = world.used_booking(structure, venue)
    await world.publish("booking.booking.v1", state)
    batch = await begun(world)
    async with world.runtime.database.engine.connect() as connection:
        await usecase.settle_part(connection, batch, [structure])
        async with asyncio.timeout(5):
            await world.publish(
                "booking.booking.v1", state | {"version": 4, "status": "CANCELLED", "used_at": None}
            )
            await world.used(structure, venue, used_at=datetime(2026, 11, 16, tzinfo=UTC))
        await connection.rollback()
    assert await world.value("SELECT count(*) FROM departures") == 1
    await usecase.finish_closes(world.runtime.database, debtor=world.runtime.debtor)
    assert await world.value("SELECT count(*) FROM pricings") == 0

    async def paid_and_gone(other):
        await world.publish("booking.booking.v1", other)
        second = await world.close(
            datetime(2026, 11, 30, tzinfo=UTC).date(), datetime(2026, 12, 1, tzinfo=UTC)
        )
        return second.total_cents

    other = world.used_booking(structure, venue, used_at=datetime(2026, 11, 17, tzinfo=UTC))
    assert await paid_and_gone(other) == 40_00
    assert await world.value("SELECT count(*) FROM departures") == 0
