"""The Guichet: who may see, validate and undo, and how often one may guess."""

from datetime import timedelta

import pytest

from booking.domain import refusals as no
from booking.persistence.bookings import BookingRecord
from booking.testing import NOW, World
from booking.usecases.find_contremarque import Desk, TooManyAttempts, count_attempt, find_contremarque
from booking.usecases.undo_validation import undo_validation
from booking.usecases.validate_contremarque import validate_contremarque
from chassis.ids import new_id
from chassis.refusals import Refusal

pytestmark = pytest.mark.servers

FIRM = NOW + timedelta(hours=48)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(new_id(), frozenset({world.structure_id}), "192.0.2.1")


async def validate(world: World, desk: Desk, code: str, **how) -> BookingRecord | Refusal:
    return await validate_contremarque(
        world.runtime.database,
        world.runtime.sealer,
        desk=desk,
        code=code,
        key=how.get("key") or new_id(),
        now=how.get("now", FIRM),
    )


async def undo(world: World, desk: Desk, code: str) -> BookingRecord | Refusal:
    return await undo_validation(
        world.runtime.database, world.runtime.sealer, desk=desk, code=code, key=new_id()
    )


async def test_validated_once_and_told(world: World, desk: Desk) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    used = await validate(world, desk, f" {record.token.lower()} ")
    assert isinstance(used, BookingRecord)
    assert (used.status, used.used_at, used.version) == ("USED", FIRM, 2)
    assert await validate(world, desk, record.token) == no.AlreadyUsed()
    assert (await world.events("booking.booking.v1"))[-1]["used_at"] == "2026-11-24T10:00:00Z"


async def test_one_key_validates_once(world: World, desk: Desk) -> None:
    record, key = await world.booked(await world.person(), await world.event_stock()), new_id()
    first = await validate(world, desk, record.token, key=key)
    assert await validate(world, desk, record.token, key=key) == first


async def test_not_before_it_is_firm(world: World, desk: Desk) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    refusal = await validate(world, desk, record.token, now=NOW)
    assert refusal == no.NotUsableYet(FIRM, "Europe/Paris")
    thing = await world.booked(await world.person(), await world.thing_stock())
    assert isinstance(await validate(world, desk, thing.token, now=NOW), BookingRecord)


async def test_a_stranger_learns_nothing(world: World, desk: Desk) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await validate(world, desk, record.token)
    stranger = Desk(new_id(), frozenset({new_id()}), "192.0.2.2")
    for code in (record.token, "ZZZZZZ", "not a code", ""):
        assert await validate(world, stranger, code) == no.ContremarqueNotFound()
        assert await undo(world, stranger, code) == no.ContremarqueNotFound()
        async with world.runtime.database.read() as connection:
            assert await find_contremarque(connection, code, stranger.structure_ids) is None


async def test_undone_until_a_payment_begins(world: World, desk: Desk) -> None:
    record = await world.booked(await world.person(), await world.thing_stock())
    assert await undo(world, desk, record.token) == no.NotUsedYet()
    await validate(world, desk, record.token)
    undone = await undo(world, desk, record.token)
    assert isinstance(undone, BookingRecord)
    assert (undone.status, undone.used_at, undone.version) == ("CONFIRMED", None, 3)
    await validate(world, desk, record.token)
    payment = {"id": new_id(), "booking_id": record.id, "structure_id": world.structure_id}
    await world.tell("finance.reimbursement.v1", **payment, status="priced", paid_at=None)
    assert isinstance(await undo(world, desk, record.token), BookingRecord)
    await validate(world, desk, record.token)
    await world.tell("finance.reimbursement.v1", **payment, status="processed", paid_at=None)
    assert await undo(world, desk, record.token) == no.ReimbursementStarted()
    assert await validate(world, desk, record.token) == no.ReimbursementStarted()


async def test_guessing_is_throttled_per_person_and_per_address(world: World) -> None:
    settings, database = world.runtime.settings, world.runtime.database
    address = "192.0.2.9"
    guesser = Desk(new_id(), frozenset(), address)
    for _ in range(settings.guichet_attempts_per_minute):
        await count_attempt(database, settings, guesser, NOW)
    with pytest.raises(TooManyAttempts):
        await count_attempt(database, settings, guesser, NOW)
    await count_attempt(database, settings, Desk(new_id(), frozenset(), address), NOW)
    await count_attempt(database, settings, guesser, NOW + timedelta(minutes=1))

    rows = await world.one("SELECT string_agg(bucket, ' ') AS buckets FROM throttles")
    assert address not in rows.buckets


async def test_many_hands_at_one_address(world: World) -> None:
    settings = world.runtime.settings.model_copy(update={"guichet_attempts_per_minute_per_address": 3})
    for _ in range(3):
        await count_attempt(world.runtime.database, settings, Desk(new_id(), frozenset(), "192.0.2.7"), NOW)
    with pytest.raises(TooManyAttempts):
        await count_attempt(world.runtime.database, settings, Desk(new_id(), frozenset(), "192.0.2.7"), NOW)
