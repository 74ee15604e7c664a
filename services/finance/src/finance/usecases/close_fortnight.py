"""Closing a fortnight: price, settle, order the transfers, publish — all of it or nothing.

One transaction. Bookings are read in pricing order from a server-side cursor, priced by the pure
function and written by COPY, page by page, so that a fortnight of hundreds of thousands passes.
"""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from finance.domain import ledger as ledger_rules
from finance.domain.calendar import PARIS, Fortnight, target_day, transfer_label
from finance.domain.counters import Counters
from finance.domain.eligibility import Run, events_begun_before
from finance.domain.judging import JUDGED_ON
from finance.domain.pricing import Pricer
from finance.domain.refusals import FortnightNotOver, NotAFortnightEnd
from finance.files.sepa import Debtor
from finance.messages.reimbursement import reimbursement
from finance.persistence import batches, due, ledger, pricings
from finance.persistence.ledger import Posting
from finance.persistence.records import BatchRecord
from finance.usecases.reverse_reimbursements import reverse_reimbursements
from finance.usecases.settle_balances import settle_balances

CloseFortnightRefusal = NotAFortnightEnd | FortnightNotOver


async def close_fortnight(
    connection: AsyncConnection,
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
    None when it closes by itself; somebody else accepts the transfers (`accept_batch`).
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
    await reverse_reimbursements(connection, [], now)
    await _undo_disturbed(connection, batch.id, run)
    await _price_due(connection, batch.id, run)
    closed = await settle_balances(connection, batch, debtor=debtor)
    async for page in pricings.of_run(connection, batch.id):
        await outbox.emit(connection, [reimbursement(pricing) for pricing in page])
    return closed


async def _undo_disturbed(connection: AsyncConnection, batch_id: UUID, run: Run) -> None:
    undone = await pricings.undo_disturbed(
        connection, cutoff=run.cutoff, begun_before=events_begun_before(run)
    )
    await ledger.post(
        connection,
        [
            Posting(
                ledger_rules.pricing_cancelled(pricing.booked_cents, pricing.reimbursed_cents),
                pricing.id,
                pricing.structure_id,
            )
            for pricing in undone
        ],
        batch_id=batch_id,
        at=run.run_at,
    )
    await outbox.emit(connection, [reimbursement(pricing) for pricing in undone])


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
                    ledger_rules.priced(pricing.booked_cents, pricing.reimbursed_cents),
                    pricing_id,
                    booking.structure_id,
                )
                for pricing_id, (booking, pricing) in zip(ids, priced, strict=True)
            ],
            batch_id=batch_id,
            at=run.run_at,
        )
        await asyncio.sleep(0)
