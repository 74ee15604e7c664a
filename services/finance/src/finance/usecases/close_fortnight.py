"""Closing a fortnight: price, settle, order the transfers, tell — all of it or nothing.

One transaction. Bookings are read in pricing order from a server-side cursor, priced by the pure
function and written by COPY, page by page, so that a fortnight of hundreds of thousands passes.
"""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from finance.domain import ledger as entries
from finance.domain.calendar import PARIS, Fortnight, transfer_label
from finance.domain.counters import Counters
from finance.domain.eligibility import Run, events_begun_before
from finance.domain.judging import JUDGED_ON
from finance.domain.pricing import Pricer
from finance.domain.refusals import FortnightNotOver, NotAFortnightEnd
from finance.files.sepa import Debtor
from finance.persistence import batches, due, ledger, pricings, states
from finance.persistence.ledger import Posting
from finance.usecases.settle_balances import settle_balances


async def close_fortnight(
    connection: AsyncConnection, *, last_day: date, now: datetime, debtor: Debtor, execution_delay: timedelta
) -> UUID | NotAFortnightEnd | FortnightNotOver:
    """The batch of the fortnight that ends on `last_day`, made now unless it was before.

    Every booking used before the cutoff, whose event had begun, gets its price; every structure with
    an accepted account is paid what waits for it. The others wait: nothing is lost.
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

    batch_id = new_id()
    label = transfer_label(now, fortnight)
    execution_date = (now + execution_delay).astimezone(PARIS).date()
    number = await batches.open_batch(
        connection,
        batch_id,
        last_day=last_day,
        cutoff=fortnight.cutoff,
        closed_at=now,
        transfer_label=label,
        execution_date=execution_date,
    )
    run = Run(fortnight.cutoff, now)
    await _undo_disturbed(connection, batch_id, run)
    await _price_due(connection, batch_id, run)
    await settle_balances(
        connection,
        batch_id,
        number=number,
        cutoff=fortnight.cutoff,
        at=now,
        label=label,
        execution_date=execution_date,
        debtor=debtor,
    )
    async for page in pricings.of_run(connection, batch_id):
        await outbox.emit(connection, [states.reimbursement(row) for row in page])
    return batch_id


async def _undo_disturbed(connection: AsyncConnection, batch_id: UUID, run: Run) -> None:
    undone = await pricings.undo_disturbed(
        connection, cutoff=run.cutoff, begun_before=events_begun_before(run)
    )
    await ledger.post(
        connection,
        [
            Posting(
                entries.pricing_cancelled(row.booked_cents, row.reimbursed_cents), row.id, row.structure_id
            )
            for row in undone
        ],
        batch_id=batch_id,
        at=run.run_at,
    )
    await outbox.emit(connection, [states.reimbursement(row) for row in undone])


async def _price_due(connection: AsyncConnection, batch_id: UUID, run: Run) -> None:
    begun_before = events_begun_before(run)
    oldest = await due.earliest(connection, cutoff=run.cutoff, begun_before=begun_before)
    if oldest is None:
        return
    counters = Counters()
    pricer = Pricer(counters=counters, judged_on=JUDGED_ON.at(run.run_at))
    await due.start_counters(connection, counters, pricer, since=oldest)
    async for page in due.in_order(connection, cutoff=run.cutoff, begun_before=begun_before):
        priced = [(booking, pricer.price(booking)) for booking in page]
        ids = await pricings.record(connection, priced, batch_id=batch_id, cutoff=run.cutoff)
        await ledger.post(
            connection,
            [
                Posting(
                    entries.priced(pricing.booked_cents, pricing.reimbursed_cents),
                    pricing_id,
                    booking.structure_id,
                )
                for pricing_id, (booking, pricing) in zip(ids, priced, strict=True)
            ],
            batch_id=batch_id,
            at=run.run_at,
        )
        await asyncio.sleep(0)
