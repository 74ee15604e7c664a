"""A replaced credit leaves what is left of it to its successor, exactly once, whatever order events come in."""

import asyncio
import random
from collections.abc import Mapping
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.consumers import grant
from booking.domain import refusals
from booking.domain.booking import CancellationReason
from booking.persistence import bookings, moves, wallets
from booking.persistence.records import BookingRecord, GrantCopy
from booking.usecases.follow_grants import follow_grants
from booking_support.world import NOW, World
from chassis.ids import new_id
from chassis.testing import SubgraphClient, principal

pytestmark = pytest.mark.servers

REPLACED_AT = "2026-11-20T08:00:00Z"
State = Mapping[str, Any]


class Credits:
    """80 € of 15–17 in two parts, ended by 50 € of 17–18 that a bonus makes 100 €."""

    def __init__(self, person: UUID) -> None:
        self.person, self.old, self.new = person, new_id(), new_id()
        of_old = {"id": self.old, "kind": "GRANT_15_17", "granted_at": "2026-01-01T00:00:00Z"}
        of_new = {"id": self.new, "kind": "GRANT_17_18", "granted_at": REPLACED_AT}
        of_new |= {"expires_at": "2030-05-01T11:00:00Z", "digital_cap_cents": 50_00}
        of_new |= {"replaces_grant_id": self.old}
        natural_end = "2027-05-01T00:00:00Z"
        self.opened = {**of_old, "version": 1, "amount_cents": 50_00, "expires_at": natural_end}
        self.topped_up = {**of_old, "version": 2, "amount_cents": 80_00, "expires_at": natural_end}
        self.ended = {**of_old, "version": 3, "amount_cents": 80_00, "expires_at": REPLACED_AT}
        self.given = {**of_new, "version": 1, "amount_cents": 50_00}
        self.with_bonus = {**of_new, "version": 2, "amount_cents": 100_00}

    async def tell(self, world: World, *states: State) -> None:
        for state in states:
            whole = {
                "digital_cap_cents": None,
                "physical_cap_cents": None,
                "replaces_grant_id": None,
                **state,
            }
            await world.tell("identity.grant.v1", person_id=self.person, **whole)


@pytest.fixture
async def credits(world: World) -> Credits:
    return Credits(await world.person(amount_cents=None, roles=["underage_beneficiary"]))


async def amounts(world: World, credits: Credits) -> tuple[tuple[int, int], tuple[int, int]]:
    """What the old credit pays and has paid, and the new one."""
    row = await world.one(
        "SELECT o.amount_cents, o.spent_cents, n.amount_cents, n.spent_cents FROM wallets o, wallets n"
        " WHERE o.id = :old AND n.id = :new",
        old=credits.old,
        new=credits.new,
    )
    return (row[0], row[1]), (row[2], row[3])


async def booked(world: World, person: UUID, price_cents: int) -> BookingRecord:
    return await world.booked(person, await world.event_stock(price_cents=price_cents))


async def cancel(world: World, record: BookingRecord) -> BookingRecord:
    done = await world.cancel(record)
    assert isinstance(done, BookingRecord), done
    return done


async def test_what_was_left_moves_and_the_old_credit_pays_nothing_more(
    world: World, credits: Credits
) -> None:
    await credits.tell(world, credits.topped_up)
    first = await booked(world, credits.person, 20_00)
    assert first.wallet_id == credits.old
    await credits.tell(world, credits.given, credits.ended)
    assert await amounts(world, credits) == ((20_00, 20_00), (110_00, 0))
    second = await booked(world, credits.person, 110_00)
    assert (second.wallet_id, second.deposit_kind) == (credits.new, "GRANT_17_18")
    refusal = await world.book(credits.person, await world.event_stock(price_cents=1))
    assert refusal == refusals.InsufficientCredit(1, 0)


async def test_caps_of_the_new_credit_hold_for_what_was_moved(world: World, credits: Credits) -> None:
    """What the old credit paid counts in the old caps, so the new cap is whole."""
    await credits.tell(world, credits.topped_up)
    book = {"url": "vod.example", "price_cents": 40_00}
    await world.booked(credits.person, await world.thing_stock("LIVRE_NUMERIQUE", **book))
    await credits.tell(world, credits.given)
    assert await amounts(world, credits) == ((40_00, 40_00), (90_00, 0))
    beyond = await world.thing_stock("LIVRE_NUMERIQUE", **{**book, "price_cents": 50_01})
    assert await world.book(credits.person, beyond) == refusals.DigitalCapReached(50_00, 50_00)


async def test_every_order_of_the_events_and_every_repetition(world: World) -> None:
    chance = random.Random(20250301)
    stock = await world.event_stock(price_cents=20_00, quantity=None)
    for order in permutations(("topped_up", "ended", "given", "with_bonus")):
        credits = Credits(await world.person(amount_cents=None))
        await credits.tell(world, credits.opened)
        await world.booked(credits.person, stock)
        known = []
        for name in order:
            known.append(getattr(credits, name))
            await credits.tell(world, known[-1], *chance.sample(known, 1))
        assert await amounts(world, credits) == ((20_00, 20_00), (160_00, 0)), order


async def test_every_order_of_events_that_are_all_new_together_or_one_by_one(world: World) -> None:
    for order in permutations(("topped_up", "ended", "given")):
        alone, together = [Credits(await world.person(amount_cents=None)) for _ in range(2)]
        await alone.tell(world, *(getattr(alone, name) for name in order))
        await world.tell_together(
            "identity.grant.v1",
            *({"person_id": together.person, **getattr(together, name)} for name in order),
        )
        for credits in (alone, together):
            assert await amounts(world, credits) == ((0, 0), (130_00, 0)), order


async def test_republished_by_republish_nothing_moves_twice(world: World, credits: Credits) -> None:
    everything = credits.given, credits.ended
    await credits.tell(world, credits.topped_up, *everything)
    await booked(world, credits.person, 30_00)
    for _ in range(3):
        await credits.tell(world, *everything)
    assert await amounts(world, credits) == ((0, 0), (130_00, 30_00))


async def test_a_grant_stored_before_replacements_were_read_learns_it_when_republished(
    world: World, credits: Credits
) -> None:
    await credits.tell(world, credits.topped_up)
    await booked(world, credits.person, 20_00)
    await credits.tell(world, {**credits.given, "replaces_grant_id": None}, credits.ended)
    assert await amounts(world, credits) == ((80_00, 20_00), (50_00, 0))
    await credits.tell(world, credits.ended, credits.given)
    assert await amounts(world, credits) == ((20_00, 20_00), (110_00, 0))


async def test_a_booking_of_the_old_credit_that_is_cancelled_can_be_spent_again(
    world: World, credits: Credits, subgraph: SubgraphClient
) -> None:
    await credits.tell(world, credits.topped_up)
    record, kept = await booked(world, credits.person, 20_00), await booked(world, credits.person, 5_00)
    await credits.tell(world, credits.given, credits.ended)
    await booked(world, credits.person, 105_00)
    await cancel(world, record)
    assert await amounts(world, credits) == ((5_00, 5_00), (125_00, 105_00))
    me = principal("beneficiary", person_id=credits.person)
    seen = await subgraph.data("{ wallet { grantedCents spentCents remainingCents } }", by=me, at=NOW)
    assert seen["wallet"] == {"grantedCents": 125_00, "spentCents": 105_00, "remainingCents": 20_00}
    assert (await booked(world, credits.person, 20_00)).wallet_id == credits.new
    assert kept.wallet_id == credits.old


async def test_cancelled_after_the_new_end_and_before_the_new_credit_is_known(
    world: World, credits: Credits
) -> None:
    await credits.tell(world, credits.topped_up)
    record = await booked(world, credits.person, 20_00)
    await credits.tell(world, credits.ended)
    await cancel(world, record)
    await credits.tell(world, credits.given)
    assert await amounts(world, credits) == ((0, 0), (130_00, 0))


async def test_a_stock_that_is_deleted_gives_back_to_the_new_credit_too(
    world: World, credits: Credits
) -> None:
    offer = await world.offer()
    stock = await world.stock(offer)
    await credits.tell(world, credits.topped_up)
    await world.booked(credits.person, stock)
    await credits.tell(world, credits.given, credits.ended)
    await world.stock(offer, id=stock, is_deleted=True)
    assert await amounts(world, credits) == ((0, 0), (130_00, 0))


async def test_a_credit_that_was_over_leaves_nothing(world: World, credits: Credits) -> None:
    await credits.tell(
        world, {**credits.topped_up, "expires_at": "2026-11-20T07:59:59.999999Z"}, credits.given
    )
    assert await amounts(world, credits) == ((80_00, 0), (50_00, 0))


# -- at the same time ------------------------------------------------------------------------------


def _copy(credits: Credits, state: State) -> GrantCopy:
    """A state as the consumer of its topic hands it on."""
    return grant.copy(grant.GrantMessage.model_validate({"person_id": credits.person, **state}))


async def _while_waiting_for(world: World, first: Any, second: Any) -> None:
    """Two transactions of which the second must wait until the first is committed."""
    async with world.runtime.database.engine.begin() as connection:
        await first(connection)
        other = asyncio.create_task(world.runtime.database.run(second))
        await asyncio.sleep(0.3)
        assert not other.done()
    await other


@pytest.mark.parametrize("old_first", [True, False])
async def test_two_new_grants_of_one_person_wait_for_each_other(
    world: World, credits: Credits, old_first: bool
) -> None:
    async def tell_old(connection: AsyncConnection) -> None:
        await follow_grants(connection, [_copy(credits, credits.topped_up)])

    async def tell_new(connection: AsyncConnection) -> None:
        await follow_grants(connection, [_copy(credits, credits.given)])

    await _while_waiting_for(world, *((tell_old, tell_new) if old_first else (tell_new, tell_old)))
    assert await amounts(world, credits) == ((0, 0), (130_00, 0))


async def test_without_that_lock_what_was_left_is_missed(
    world: World, credits: Credits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wallets, "_ONE_AT_A_TIME", sa.text("SELECT CAST(:persons AS uuid[])"))
    async with world.runtime.database.engine.begin() as connection:
        await follow_grants(connection, [_copy(credits, credits.given)])
        await credits.tell(world, credits.topped_up)
    assert await amounts(world, credits) == ((80_00, 0), (50_00, 0))


@pytest.mark.parametrize("cancel_first", [True, False])
async def test_a_cancellation_and_the_new_grant_wait_for_each_other(
    world: World, credits: Credits, cancel_first: bool
) -> None:
    await credits.tell(world, credits.topped_up)
    record = await booked(world, credits.person, 20_00)

    async def give_back(connection: AsyncConnection) -> None:
        (held,) = await bookings.lock_with_credit(connection, {record.id: record.person_id})
        await moves.cancel(connection, held, CancellationReason.BENEFICIARY, NOW)

    async def replace(connection: AsyncConnection) -> None:
        await follow_grants(connection, [_copy(credits, credits.given)])

    await _while_waiting_for(world, *((give_back, replace) if cancel_first else (replace, give_back)))
    assert await amounts(world, credits) == ((0, 0), (130_00, 0))


async def test_bookings_and_cancellations_while_the_new_grant_arrives(world: World) -> None:
    """Twenty people at once, each with both events, a cancellation and three bookings in flight."""
    stocks = [await world.event_stock(price_cents=30_00, quantity=None) for _ in range(4)]

    async def live(credits: Credits) -> None:
        await credits.tell(world, credits.topped_up)
        record = await world.booked(credits.person, stocks[0])
        await asyncio.gather(
            credits.tell(world, credits.given),
            credits.tell(world, credits.ended),
            cancel(world, record),
            *(world.book(credits.person, stock) for stock in stocks[1:]),
        )

    everybody = [Credits(await world.person(amount_cents=None)) for _ in range(20)]
    await asyncio.gather(*map(live, everybody))
    for credits in everybody:
        (old, old_spent), (new, new_spent) = await amounts(world, credits)
        assert old == old_spent
        assert old + new == 130_00
        taken = await world.one(
            "SELECT coalesce(sum(unit_price_cents), 0)::int FROM bookings"
            " WHERE person_id = :id AND status <> 'CANCELLED'",
            id=credits.person,
        )
        assert taken[0] == old_spent + new_spent <= 90_00
        last = await booked(world, credits.person, 130_00 - taken[0])
        assert last.wallet_id == credits.new
