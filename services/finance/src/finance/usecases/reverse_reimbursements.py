"""A place owes back what it was paid for bookings that are used no more, at once and by itself.

Whatever undid the use (a validation undone, a cancellation, a date deleted or moved, fraud) and in
whatever order its event comes, what was settled for it is taken back. Forgiving the debt is another
act, by two people.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from finance.domain import ledger as ledger_rules
from finance.domain.cashflows import PricingState
from finance.messages.reimbursement import reimbursement
from finance.persistence import batches, ledger, pricings
from finance.persistence.ledger import Posting
from finance.persistence.records import NewPricing, PricingRecord, Reversal


async def reverse_reimbursements(
    connection: AsyncConnection, left: Sequence[UUID], now: datetime
) -> list[PricingRecord]:
    """Take back what was settled for those bookings of `left` that are used no more; the prices reversed.

    While a close runs its prices cannot be seen yet: the bookings are noted, and looked at by whoever
    comes first after it.
    """
    if not await batches.keep_closes_out(connection):
        if left:
            await pricings.note_departures(connection, left, at=now)
        return []
    noted = await pricings.take_departures(connection)
    if not (candidates := [*left, *noted]):
        return []
    settled = await pricings.to_reverse(connection, candidates)
    if not settled:
        return []
    reversals = [_opposite(price) for price in settled]
    reversed_ = await pricings.reverse(connection, reversals, at=now)
    await ledger.post(
        connection,
        [
            Posting(
                ledger_rules.incident_reversal(-reversal.booked_cents, -reversal.reimbursed_cents),
                reversal.id,
                reversal.structure_id,
            )
            for reversal in reversals
        ],
        batch_id=None,
        at=now,
    )
    await outbox.emit(connection, [reimbursement(price) for price in reversed_])
    return reversed_


def _opposite(price: NewPricing) -> Reversal:
    """It waits for the next close, which takes it off what the place is paid."""
    opposite = price._replace(
        id=uuid5(price.id, "reversal"),
        version=1,
        booked_cents=-price.booked_cents,
        reimbursed_cents=-price.reimbursed_cents,
        status=PricingState.VALIDATED.value,
    )
    return Reversal(*opposite, reversal_of=price.id)
