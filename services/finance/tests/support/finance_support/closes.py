"""Closes that are looked at as a whole: what one wrote, and one done within a transaction that is undone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.files.sepa import Debtor
from finance.messages.reimbursement import OF_BATCH_IN_SQL
from finance.persistence import close_parts, priced
from finance.persistence.records import BatchRecord
from finance.persistence.tables import sepa_files
from finance.runtime import FinanceRuntime
from finance.usecases.close_fortnight import begin_close
from finance.usecases.order_transfers import order_transfers
from finance.usecases.settle_part import settle_part

_WRITTEN: Sequence[str] = (
    "SELECT to_jsonb(p) - 'changed_at' - 'priced_in' - 'batch_id' FROM pricings p ORDER BY id",
    "SELECT to_jsonb(l) - 'line' - 'batch_id' FROM ledger l ORDER BY subject_id, entry_id, account",
    "SELECT to_jsonb(c) - 'batch_id' FROM cashflows c ORDER BY id",
    "SELECT to_jsonb(b) - 'id' FROM batches b ORDER BY number",
    "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE topic = 'finance.reimbursement.v1' ORDER BY payload",
)


async def written(connection: AsyncConnection) -> list[list[Any]]:
    """Every row that a close writes, but for the batch's own id, in an order of its own; files as bytes."""
    found = [list((await connection.scalars(sa.text(query))).all()) for query in _WRITTEN]
    files = sa.select(sepa_files.c.name, sepa_files.c.sha256, sepa_files.c.batch_id, sepa_files.c.content)
    rows = (await connection.execute(files.order_by(sepa_files.c.name))).all()
    return [*found, [(row.name, row.sha256, row.content) for row in rows]]


async def close_within(
    connection: AsyncConnection, runtime: FinanceRuntime, last_day: date, now: datetime
) -> None:
    """The close of a fortnight in one transaction, so that it can be undone and another tried."""
    debtor: Debtor = runtime.debtor
    batch = await begin_close(
        connection, last_day=last_day, now=now, execution_delay=runtime.execution_delay, by=None
    )
    assert isinstance(batch, BatchRecord)
    while (part := await close_parts.take(connection, batch.id, is_settled=False)) is not None:
        await settle_part(connection, batch, part.structure_ids)
        await connection.execute(sa.text("DROP TABLE priced"))
        await close_parts.settled(connection, batch.id, part.part)
    await order_transfers(connection, batch, debtor=debtor)
    while (part := await close_parts.take(connection, batch.id, is_settled=True)) is not None:
        await priced.publish(connection, part.structure_ids, batch=batch, event=OF_BATCH_IN_SQL)
        await close_parts.over(connection, batch.id, part.part)
