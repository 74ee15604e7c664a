"""A second person accepts what a closed fortnight pays: only then is there an order for the bank."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.refusals import BatchAlreadyAccepted, BatchNotFound, SecondPersonNeeded
from finance.persistence import batches
from finance.persistence.records import BatchRecord

AcceptBatchRefusal = BatchNotFound | SecondPersonNeeded | BatchAlreadyAccepted


async def accept_batch(
    connection: AsyncConnection, batch_id: UUID, *, by: UUID, now: datetime
) -> BatchRecord | AcceptBatchRefusal:
    """The batch, accepted. Whoever closed the fortnight never accepts it; one that closed by itself, anybody may.

    One whose close is under way is none yet.
    """
    batch = await batches.lock(connection, batch_id)
    if batch is None or batch.settled_at is None:
        return BatchNotFound()
    if batch.closed_by == by:
        return SecondPersonNeeded()
    if batch.accepted_at is not None:
        return BatchAlreadyAccepted(accepted_at=batch.accepted_at)
    return await batches.accept(connection, batch_id, by=by, at=now)
