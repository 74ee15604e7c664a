"""The Guichet: who may see, validate and undo, and how often one may guess."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.domain import refusals
from booking.persistence.records import BookingRecord
from booking.settings import BookingSettings
from booking.usecases.find_contremarque import Desk, TooManyAttempts, count_attempt, find_contremarque
from booking_support.world import NOW, World
from chassis.ids import new_id

pytestmark = pytest.mark.servers

FIRM = NOW + timedelta(hours=48)


async def count(world: World, settings: BookingSettings, desk: Desk, now: datetime) -> None:
    async with world.runtime.database.read() as connection:
        await count_attempt(connection, settings, desk, now)


async def test_validated_once_and_published(world: World) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    used = await world.validate(f" {record.token.lower()} ", now=FIRM)
    assert isinstance(used, BookingRecord)
    assert (used.status, used.used_at, used.version) == ("USED", FIRM, 2)
    assert await world.validate(record.token, now=FIRM) == refusals.AlreadyUsed()
    assert (await world.events("booking.booking.v1"))[-1]["used_at"] == "2026-11-24T10:00:00Z"


async def test_not_before_it_is_firm(world: World) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    refusal = await world.validate(record.token, now=NOW)
    assert refusal == refusals.NotUsableYet(FIRM, "Europe/Paris")
    thing = await world.booked(await world.person(), await world.thing_stock())
    assert isinstance(await world.validate(thing.token, now=NOW), BookingRecord)


async def test_U05_a_stranger_learns_nothing(world: World) -> None:
    record = await world.booked(await world.person(), await world.event_stock())
    await world.validate(record.token, now=FIRM)
    stranger = Desk(new_id(), frozenset({new_id()}), "192.0.2.2")
    for code in (record.token, "ZZZZZZ", "not a code", ""):
        assert await world.validate(code, desk=stranger, now=FIRM) == refusals.ContremarqueNotFound()
        assert await world.undo(code, desk=stranger) == refusals.ContremarqueNotFound()
        async with world.runtime.database.read() as connection:
            assert await find_contremarque(connection, code, stranger) is None


async def test_undone_until_a_payment_begins(world: World) -> None:
    record = await world.booked(await world.person(), await world.thing_stock())
    assert await world.undo(record.token) == refusals.NotUsedYet()
    await world.validate(record.token, now=FIRM)
    undone = await world.undo(record.token)
    assert isinstance(undone, BookingRecord)
    assert (undone.status, undone.used_at, undone.version) == ("CONFIRMED", None, 3)
    await world.validate(record.token, now=FIRM)
    payment = {"id": new_id(), "booking_id": record.id, "structure_id": world.structure_id}
    await world.tell("finance.reimbursement.v1", **payment, status="priced", paid_at=None)
    assert isinstance(await world.undo(record.token), BookingRecord)
    await world.validate(record.token, now=FIRM)
    await world.tell("finance.reimbursement.v1", **payment, status="processed", paid_at=None)
    assert await world.undo(record.token) == refusals.ReimbursementStarted()
    assert await world.validate(record.token, now=FIRM) == refusals.ReimbursementStarted()


async def test_guessing_is_throttled_per_person_and_per_place(world: World) -> None:
    settings = world.runtime.settings
    address = "192.0.2.9"
    place = world.runtime.place_of(address)
    guesser = Desk(new_id(), frozenset(), place)
    for _ in range(settings.guichet_attempts_per_minute):
        await count(world, settings, guesser, NOW)
    with pytest.raises(TooManyAttempts):
        await count(world, settings, guesser, NOW)
    await count(world, settings, Desk(new_id(), frozenset(), place), NOW)
    await count(world, settings, guesser, NOW + timedelta(minutes=1))

    rows = await world.one("SELECT string_agg(bucket, ' ') AS buckets FROM throttles")
    assert address not in rows.buckets


@pytest.mark.parametrize(
    "addresses",
    [
        ["192.0.2.7"] * 4,
        ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::", "2001:db8:1:2:a:b:c:d"],
        ["192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7", "::ffff:c000:207"],
    ],
    ids=["an address", "a network", "an address in two forms"],
)
async def test_many_hands_at_one_place(world: World, addresses: list[str]) -> None:
    settings = world.runtime.settings.model_copy(update={"guichet_attempts_per_minute_per_address": 3})
    *some, last = (Desk(new_id(), frozenset(), world.runtime.place_of(each)) for each in addresses)
    for desk in some:
        await count(world, settings, desk, NOW)
    with pytest.raises(TooManyAttempts):
        await count(world, settings, last, NOW)
    elsewhere = Desk(new_id(), frozenset(), world.runtime.place_of("2001:db8:1:3::1"))
    await count(world, settings, elsewhere, NOW)


async def test_U04_a_closed_structure_validates_and_undoes_nothing(world: World) -> None:
    used = await world.booked(await world.person(), await world.thing_stock())
    await world.validate(used.token, now=NOW)
    waiting = await world.booked(await world.person(), await world.thing_stock())
    await world.venue(structure_status="closed")
    assert await world.validate(waiting.token, now=NOW) == refusals.StructureClosed()
    assert await world.undo(used.token, now=NOW) == refusals.StructureClosed()
    stranger = Desk(new_id(), frozenset({new_id()}), "192.0.2.2")
    assert await world.validate(waiting.token, desk=stranger, now=NOW) == refusals.ContremarqueNotFound()


async def test_not_undone_once_its_fortnight_is_over_whatever_finance_has_said(world: World) -> None:
    record = await world.booked(await world.person(), await world.thing_stock(), now=NOW)
    await world.validate(record.token, now=NOW)
    cutoff = datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert await world.undo(record.token, now=cutoff) == refusals.ReimbursementStarted()
    assert await world.cancel(record, now=cutoff) == refusals.AlreadyUsed()
    assert isinstance(await world.undo(record.token, now=cutoff - timedelta(seconds=1)), BookingRecord)
