"""The catalogue changes a stock while people book and cancel: nobody waits in a circle, nobody is forgotten."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain import refusals
from booking.persistence import book_statement, bookings
from booking.persistence.records import BookingRecord, StockCopy
from booking.usecases.follow_stocks import follow_stocks
from booking_support.world import NOW, START, World
from chassis.clock import iso

pytestmark = pytest.mark.servers


def deleted(stock: UUID, offer: UUID) -> StockCopy:
    return StockCopy(stock, 900, offer, "Plein tarif", 10_00, START, START, True, 100)


async def test_credit_is_locked_before_the_stock(world: World) -> None:
    """Whoever holds the credit of a beneficiary gets the stock at once: the deletion waits without it."""
    offer = await world.offer()
    stock, person = await world.stock(offer), await world.person()
    record = await world.booked(person, stock)
    async with world.runtime.database.engine.begin() as holder:
        await bookings.lock_with_credit(holder, {record.id: person})
        deletion = asyncio.create_task(
            world.runtime.database.run(
                lambda connection: follow_stocks(
                    connection, world.runtime.sealer, [deleted(stock, offer)], NOW
                )
            )
        )
        await asyncio.sleep(0.3)
        assert not deletion.done()
        await holder.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        await holder.execute(sa.text("UPDATE stocks SET changed_at = now() WHERE id = :id"), {"id": stock})
    await deletion
    assert await world.spent(person) == (0, 0)


async def test_who_books_between_the_listing_and_the_deletion_is_withdrawn_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = await world.offer()
    stock, first, second = await world.stock(offer), await world.person(), await world.person()
    await world.booked(first, stock)
    lock, late = bookings.lock_with_credit, []

    async def lock_then_somebody_books(
        connection: AsyncConnection, owners: dict[UUID, UUID]
    ) -> list[BookingRecord]:
        held = await lock(connection, owners)
        if not late:
            late.append(await world.booked(second, stock))
        return held

    monkeypatch.setattr(bookings, "lock_with_credit", lock_then_somebody_books)
    await world.stock(offer, id=stock, is_deleted=True)
    assert (await world.spent(first), await world.spent(second)) == ((0, 0), (0, 0))
    assert await world.left(stock) == (100, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"is_deleted": True}, refusals.StockNotBookable()),
        ({"price_cents": 400_00}, refusals.InsufficientCredit(100_00, 300_00)),
        (
            {"starts_at": iso(NOW), "booking_limit_at": iso(START)},
            refusals.BookingClosed(NOW, "Europe/Paris"),
        ),
    ],
)
async def test_what_changed_since_it_was_read_is_read_again(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, object],
    expected: refusals.BookingRefusal,
) -> None:
    offer, person = await world.offer(), await world.person()
    stock = await world.stock(offer)
    write, tries = book_statement.write, []

    async def write_after_the_change(connection: AsyncConnection, asked: book_statement.Asked) -> bool:
        tries.append(asked)
        if len(tries) == 1:
            await world.stock(offer, id=stock, **change)
        return await write(connection, asked)

    monkeypatch.setattr(book_statement, "write", write_after_the_change)
    assert await world.book(person, stock) == expected
    assert (await world.spent(person), (await world.left(stock))[1]) == ((0, 0), 0)


async def test_without_that_guard_a_stock_that_is_gone_is_booked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer, person = await world.offer(), await world.person()
    stock = await world.stock(offer)
    unguarded = book_statement.write_statement(
        stock_guard="AND (capacity IS NULL OR taken + :quantity <= capacity)"
    )
    monkeypatch.setattr(book_statement, "PAY_AND_BOOK", unguarded)
    write = book_statement.write

    async def write_after_the_change(connection: AsyncConnection, asked: book_statement.Asked) -> bool:
        await world.stock(offer, id=stock, is_deleted=True)
        return await write(connection, asked)

    monkeypatch.setattr(book_statement, "write", write_after_the_change)
    assert (await world.booked(person, stock)).status == "CONFIRMED"
