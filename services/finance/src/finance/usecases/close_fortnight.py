"""Closing a fortnight: begun in one transaction, then done in parts, each in its own; killed anywhere, it goes on.

Begun: the batch is there, and which structures make which part. Settled: part by part, set by set, in the
database. Ordered: the file for the bank adds up to the ledger, and the batch is seen. Published: part by part.
Whoever finds a close under way goes on with it; several that do so at once share its parts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.db import Database
from chassis.ids import new_id
from chassis.refusals import Refusal
from finance.domain import ledger as ledger_rules
from finance.domain.calendar import PARIS, Fortnight, target_day, transfer_label
from finance.domain.eligibility import Run, events_begun_before
from finance.domain.judging import JUDGED_ON
from finance.domain.parts import in_parts
from finance.domain.pricing import Pricer
from finance.domain.refusals import FortnightNotOver, NotAFortnightEnd
from finance.files.sepa import Debtor
from finance.messages.reimbursement import CANCELLED_IN_SQL, OF_BATCH_IN_SQL
from finance.persistence import batches, close_parts, due, ledger, priced, pricings
from finance.persistence.ledger import Posting
from finance.persistence.records import BatchRecord
from finance.usecases.order_transfers import order_transfers
from finance.usecases.reverse_reimbursements import reverse_reimbursements
from finance.usecases.settle_part import settle_part

CloseFortnightRefusal = NotAFortnightEnd | FortnightNotOver

BOOKINGS_A_PART: Final = 20_000
"""About a second of the database's time: a kill loses no more, and what a part holds in memory stays small."""

SIDE_BY_SIDE: Final = 2
"""Parts in work at a time, each on a connection of its own."""

T = TypeVar("T")


class CloseUnderWay(Exception):
    """Another close has begun and is not over: it is finished first."""


async def close_fortnight(
    database: Database,
    *,
    last_day: date,
    now: datetime,
    debtor: Debtor,
    execution_delay: timedelta,
    by: UUID | None,
) -> BatchRecord | CloseFortnightRefusal:
    """The batch of the fortnight that ends on `last_day`, made now unless it was before.

    Every booking used before the cutoff, whose event had begun, gets its price; every structure with
    an accepted account is paid what waits for it. The others wait: nothing is lost. `by`: who closes it,
    None when it closes by itself; somebody else accepts the transfers (`accept_batch`). Takes the database:
    each part is a transaction.
    """

    async def begin(connection: AsyncConnection) -> BatchRecord | CloseFortnightRefusal:
        return await begin_close(
            connection, last_day=last_day, now=now, execution_delay=execution_delay, by=by
        )

    begun = await begin_and_finish(database, lambda: database.run(begin), debtor=debtor)
    if isinstance(begun, Refusal):
        return begun
    async with database.read() as connection:
        closed = await batches.find(connection, begun.id)
    assert closed is not None, "batches stay"
    return closed


async def begin_and_finish(database: Database, begin: Callable[[], Awaitable[T]], *, debtor: Debtor) -> T:
    """What `begin` gives, which calls `begin_close` in a transaction of its own, once every close is over."""
    while True:
        await finish_closes(database, debtor=debtor)
        try:
            begun = await begin()
        except CloseUnderWay:
            continue
        await finish_closes(database, debtor=debtor)
        return begun


async def begin_close(
    connection: AsyncConnection,
    *,
    last_day: date,
    now: datetime,
    execution_delay: timedelta,
    by: UUID | None,
) -> BatchRecord | CloseFortnightRefusal:
    """The batch, with its close under way unless it was closed before. Raises CloseUnderWay for another's.

    What a batch is called and when it is paid follow from here, whoever finishes it and when.
    """
    fortnight = Fortnight.ending_on(last_day)
    if isinstance(fortnight, NotAFortnightEnd):
        return fortnight
    if now < fortnight.cutoff:
        return FortnightNotOver(cutoff=fortnight.cutoff)
    await batches.close_alone(connection)
    known = await batches.find_by_cutoff(connection, fortnight.cutoff)
    if known is not None:
        return known
    if await batches.under_way(connection) is not None:
        raise CloseUnderWay

    await reverse_reimbursements(connection, [], now)
    batch = BatchRecord(
        id=new_id(),
        number=await batches.next_number(connection),
        last_day=last_day,
        cutoff=fortnight.cutoff,
        closed_at=now,
        transfer_label=transfer_label(now, fortnight),
        execution_date=target_day((now + execution_delay).astimezone(PARIS).date()),
        total_cents=0,
        transfer_count=0,
        booking_count=0,
        closed_by=by,
    )
    await batches.add(connection, batch)
    run = Run(fortnight.cutoff, now)
    await _price_old(connection, batch, run)
    piles = await close_parts.piles(connection, cutoff=run.cutoff, begun_before=events_begun_before(run))
    await close_parts.add(connection, batch.id, in_parts(piles, BOOKINGS_A_PART))
    return batch


async def finish_closes(database: Database, *, debtor: Debtor) -> None:
    """Go on with the close that is under way, if any, to its end.

    Raises UnknownSubcategory, InvalidTransferOrder: then it stays where it is, and may be gone on with.
    """
    while (batch := await _under_way(database)) is not None:
        await _side_by_side(_settle_parts(database, batch) for _ in range(SIDE_BY_SIDE))
        if await database.run(lambda connection: _order(connection, batch, debtor)):
            await _side_by_side(_publish_parts(database, batch) for _ in range(SIDE_BY_SIDE))


async def _side_by_side(works: Iterable[Coroutine[None, None, None]]) -> None:
    """Until all are done; where one fails, the others stop with it."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _under_way(database: Database) -> BatchRecord | None:
    async with database.read() as connection:
        return await batches.under_way(connection)


async def _settle_parts(database: Database, batch: BatchRecord) -> None:
    async def settle_next(connection: AsyncConnection) -> bool:
        await batches.take_time(connection)
        part = await close_parts.take(connection, batch.id, is_settled=False)
        if part is None:
            return False
        await settle_part(connection, batch, part.structure_ids)
        await close_parts.settled(connection, batch.id, part.part)
        return True

    while await database.run(settle_next):
        pass


async def _order(connection: AsyncConnection, batch: BatchRecord, debtor: Debtor) -> bool:
    """Whether the order is there, made now unless it was before; False while a part is left to settle."""
    await batches.take_time(connection)
    locked = await batches.lock(connection, batch.id)
    assert locked is not None, "batches stay"
    if locked.settled_at is not None:
        return True
    if await close_parts.any_left(connection, batch.id, is_settled=False):
        return False
    await order_transfers(connection, locked, debtor=debtor)
    return True


async def _publish_parts(database: Database, batch: BatchRecord) -> None:
    async def publish_next(connection: AsyncConnection) -> bool:
        await batches.take_time(connection)
        part = await close_parts.take(connection, batch.id, is_settled=True)
        if part is None:
            return False
        await priced.publish(connection, part.structure_ids, batch=batch, event=OF_BATCH_IN_SQL)
        await close_parts.over(connection, batch.id, part.part)
        return True

    while await database.run(publish_next):
        pass


async def _price_old(connection: AsyncConnection, batch: BatchRecord, run: Run) -> None:
    """Price what was used before 2022 and waits, one by one: its counters are of other scopes, and look far back.

    Such prices wait like those of earlier closes, and are settled with them.
    """
    begun_before = events_begun_before(run)
    await priced.undo_disturbed(
        connection, None, batch=batch, begun_before=begun_before, event=CANCELLED_IN_SQL
    )
    pricer: Pricer | None = None
    async for page in due.old_in_order(connection, cutoff=run.cutoff, begun_before=begun_before):
        if pricer is None:
            pricer = Pricer(judged_on=JUDGED_ON.at(run.run_at))
            await due.count_old(connection, pricer)
        priced_page = [(booking, pricer.price(booking)) for booking in page]
        ids = await pricings.record(connection, priced_page, batch_id=batch.id, cutoff=run.cutoff)
        await ledger.post(
            connection,
            [
                Posting(
                    ledger_rules.priced(pricing.booked_cents, pricing.reimbursed_cents),
                    pricing_id,
                    booking.structure_id,
                )
                for pricing_id, (booking, pricing) in zip(ids, priced_page, strict=True)
            ],
            batch_id=batch.id,
            at=run.run_at,
        )
        await asyncio.sleep(0)
