"""Cash runs: batches, their cashflows and the file given to the bank."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.cursors import Window
from chassis.kept import Aggregates, Kept
from chassis.keyset import Order, windowed
from chassis.records import columns, each_as, parameters
from finance.persistence.records import (
    BatchRecord,
    CashflowRecord,
    DebitNoteRecord,
    Payable,
    PostalAddress,
    SepaFileRecord,
)
from finance.persistence.tables import (
    bank_accounts,
    batches,
    cashflows,
    close_parts,
    debit_notes,
    pricings,
    sepa_files,
    venues,
)

_CLOSING_LOCK = 0x6361_7368
"""Advisory lock of the one close that may run at a time."""

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(:lock)")
_KEEP_OUT = sa.text("SELECT pg_try_advisory_xact_lock_shared(:lock)")
_TAKE_TIME = sa.text(
    "SELECT set_config('statement_timeout', '600s', true),"
    " set_config('idle_in_transaction_session_timeout', '600s', true),"
    " set_config('lock_timeout', '600s', true)"
)
_BATCHES = Aggregates(batches, BatchRecord)
_FILES = Kept(sepa_files, SepaFileRecord)
add, find, lock, add_file = _BATCHES.add, _BATCHES.find, _BATCHES.lock, _FILES.add

_SETTLED = _BATCHES.select.where(batches.c.settled_at.is_not(None))
_BY_IDS = _SETTLED.where(batches.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))))
# Until all of it is published as well: what it paid is taken back after that.
_UNDER_WAY = _BATCHES.select.where(
    sa.or_(batches.c.settled_at.is_(None), batches.c.id.in_(sa.select(close_parts.c.batch_id).distinct()))
)
_BY_CUTOFF = _BATCHES.select.where(batches.c.cutoff == sa.bindparam("cutoff"))
_FILE = _FILES.select.where(sepa_files.c.batch_id == sa.bindparam("batch_id"))
_NEXT_NUMBER = sa.select(sa.func.coalesce(sa.func.max(batches.c.number), 0) + 1)
_ADD_CASHFLOWS = sa.insert(cashflows)
_ADD_DEBIT_NOTES = sa.insert(debit_notes)
_TOTAL = (
    sa.update(batches)
    .where(batches.c.id == sa.bindparam("batch_id"))
    .values(
        total_cents=sa.bindparam("total"),
        transfer_count=sa.bindparam("transfers"),
        settled_at=sa.bindparam("at", type_=sa.DateTime(timezone=True)),
        booking_count=sa.select(sa.func.count())
        .where(
            pricings.c.batch_id == sa.bindparam("batch_id"),
            pricings.c.cashflow_id.is_not(None),
            pricings.c.reversal_of.is_(None),
        )
        .scalar_subquery(),
    )
    .returning(*_BATCHES.columns)
)
_ACCEPT = (
    sa.update(batches)
    .where(batches.c.id == sa.bindparam("batch_id"))
    .values(accepted_by=sa.bindparam("by"), accepted_at=sa.bindparam("at"))
    .returning(*_BATCHES.columns)
)
_PAYABLES = (
    sa.select(*columns(cashflows, Payable, iban=bank_accounts.c.iban, bic=bank_accounts.c.bic))
    .join(bank_accounts, bank_accounts.c.id == cashflows.c.bank_account_id)
    .where(cashflows.c.batch_id == sa.bindparam("batch_id"))
    .order_by(cashflows.c.structure_id)
)
_SHARE_TRANSFER = (
    sa.update(cashflows)
    .where(cashflows.c.id == sa.bindparam("cashflow_id"))
    .values(end_to_end_id=sa.bindparam("shared"))
)
_ADDRESSES = (
    sa.select(*columns(venues, PostalAddress))
    .ext(pg.distinct_on(venues.c.structure_id))
    .where(venues.c.city.is_not(None))
    .order_by(venues.c.structure_id, venues.c.id)
)


async def close_alone(connection: AsyncConnection) -> None:
    """Wait for whoever begins a close, or takes back what one paid; take the time that a close needs."""
    await take_time(connection)
    await connection.execute(_ONE_AT_A_TIME, {"lock": _CLOSING_LOCK})


async def take_time(connection: AsyncConnection) -> None:
    """A part of a close may take longer, until the end of the transaction, than what a person waits for."""
    await connection.execute(_TAKE_TIME)


async def keep_closes_out(connection: AsyncConnection) -> bool:
    """Whether no close runs now, and none can begin before this transaction ends."""
    if not await connection.scalar(_KEEP_OUT, {"lock": _CLOSING_LOCK}):
        return False
    # Asked once the lock is held: a close that began meanwhile is seen.
    return await under_way(connection) is None


async def under_way(connection: AsyncConnection) -> BatchRecord | None:
    """The batch whose close has begun and is not over, if any: whoever finds one may go on with it."""
    return await _BATCHES.one(connection, _UNDER_WAY)


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, BatchRecord]:
    """By id; one whose close is under way is none yet."""
    return {batch.id: batch for batch in await _BATCHES.all(connection, _BY_IDS, ids=list(ids))}


async def find_by_cutoff(connection: AsyncConnection, cutoff: datetime) -> BatchRecord | None:
    return await _BATCHES.one(connection, _BY_CUTOFF, cutoff=cutoff)


async def newest(connection: AsyncConnection, window: Window) -> list[BatchRecord]:
    """Newest first, by number."""
    page = windowed(_SETTLED, window, Order(batches.c.number, descending=True))
    return await _BATCHES.all(connection, page)


async def next_number(connection: AsyncConnection) -> int:
    """The number of the batch to come. Close alone first."""
    return int(await connection.scalar(_NEXT_NUMBER) or 1)


async def add_cashflows(connection: AsyncConnection, cashflows: Sequence[CashflowRecord]) -> None:
    if cashflows:
        await connection.execute(_ADD_CASHFLOWS, [parameters(cashflow) for cashflow in cashflows])


async def payables(connection: AsyncConnection, batch_id: UUID) -> list[Payable]:
    """The cashflows of a batch with their accounts, by structure."""
    return each_as(Payable, await connection.execute(_PAYABLES, {"batch_id": batch_id}))


async def share_transfers(connection: AsyncConnection, end_to_end_ids: Mapping[UUID, str]) -> None:
    """Name the transfer of these cashflows, by their ids: structures that share an account share one."""
    rows = [{"cashflow_id": id_, "shared": shared} for id_, shared in end_to_end_ids.items()]
    if rows:
        await connection.execute(_SHARE_TRANSFER, rows)


async def add_debit_notes(connection: AsyncConnection, notes: Sequence[DebitNoteRecord]) -> None:
    if notes:
        await connection.execute(_ADD_DEBIT_NOTES, [parameters(note) for note in notes])


async def find_file(connection: AsyncConnection, batch_id: UUID) -> SepaFileRecord | None:
    """None when the batch paid nobody."""
    return await _FILES.one(connection, _FILE, batch_id=batch_id)


async def total(
    connection: AsyncConnection, batch_id: UUID, *, total_cents: int, transfers: int, at: datetime
) -> BatchRecord:
    """Write what the batch came to, and give it. Call it once its pricings are settled: it is seen from then on."""
    values = {"batch_id": batch_id, "total": total_cents, "transfers": transfers, "at": at}
    return BatchRecord(*(await connection.execute(_TOTAL, values)).one())


async def accept(connection: AsyncConnection, batch_id: UUID, *, by: UUID, at: datetime) -> BatchRecord:
    """The batch, accepted. Lock it first."""
    accepted = await _BATCHES.one(connection, _ACCEPT, batch_id=batch_id, by=by, at=at)
    assert accepted is not None, "a locked row is there"
    return accepted


async def addresses(connection: AsyncConnection) -> dict[UUID, PostalAddress]:
    """Street, postal code and city of each structure: those of its first venue that has an address."""
    found = each_as(PostalAddress, await connection.execute(_ADDRESSES))
    return {address.structure_id: address for address in found}
