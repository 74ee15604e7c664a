"""The ledger: entries are added whole; nothing is ever changed or removed."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.ledger import Account, Entry
from finance.persistence.copying import copy_into
from finance.persistence.records import LedgerLine
from finance.persistence.tables import ledger

_PAID_OUT = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.amount_cents), 0)).where(
    ledger.c.batch_id == sa.bindparam("batch_id"), ledger.c.account == Account.PAID_OUT
)


class Posting(NamedTuple):
    """An entry and what it is about: a pricing or a cashflow of a structure."""

    entry: Entry
    subject_id: UUID
    structure_id: UUID


async def post(
    connection: AsyncConnection, postings: Iterable[Posting], *, batch_id: UUID | None, at: datetime
) -> None:
    """Add entries; `batch_id` is None for what is posted between two batches.

    Their ids follow from what they are about: the same act never posts twice unseen.
    """
    await copy_into(
        connection,
        ledger,
        [
            LedgerLine(
                entry_id=entry_id,
                kind=posting.entry.kind.value,
                account=line.account.value,
                amount_cents=line.amount_cents,
                structure_id=posting.structure_id,
                batch_id=batch_id,
                subject_id=posting.subject_id,
                recorded_at=at,
            )
            for posting in postings
            for entry_id in (uuid5(posting.subject_id, posting.entry.kind.value),)
            for line in posting.entry.lines
        ],
    )


async def paid_out_cents(connection: AsyncConnection, batch_id: UUID) -> int:
    """What the bank is ordered to transfer in a batch, by the ledger."""
    return int((await connection.execute(_PAID_OUT, {"batch_id": batch_id})).scalar_one())
