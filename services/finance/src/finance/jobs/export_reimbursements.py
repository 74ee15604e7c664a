"""`startReimbursementExport`: the spreadsheet is written aside, and whoever asked for it sees how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job, Run, enqueue
from chassis.spreadsheets import SpreadsheetFormat
from finance.domain.refusals import BatchNotFound
from finance.persistence import batches
from finance.runtime import FinanceRuntime
from finance.usecases.export_reimbursements import export_reimbursements

ExportRefusal = BatchNotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """The job that will write it."""

    id: UUID


async def _export(
    run: Run[FinanceRuntime], structure_id: UUID, batch_id: UUID, form: SpreadsheetFormat
) -> str:
    """Write what a structure was reimbursed in a batch: anew where a process died, the file is whole or not there."""
    runtime = run.runtime

    async def keep_progress(done: int, total: int) -> None:
        await run.step(lambda connection: run.checkpoint(connection, cursor=None, done=done, total=total))

    async def written(connection: AsyncConnection) -> None:
        await run.checkpoint(connection, cursor=None, result={"name": name})

    name = await export_reimbursements(
        runtime.database, runtime.files, runtime.sealer, structure_id, batch_id, form, keep_progress
    )
    await run.step(written)
    return f"{run.done} bookings written"


EXPORT_REIMBURSEMENTS: Final = Job("export-reimbursements", _export)


async def ask_for_export(
    connection: AsyncConnection,
    structure_id: UUID,
    batch_id: UUID,
    form: SpreadsheetFormat,
    *,
    by: UUID,
    now: datetime,
) -> Asked | ExportRefusal:
    """Have it written for this person, once the transaction is committed."""
    if not await batches.by_ids(connection, [batch_id]):
        return BatchNotFound()
    wanted = {"structure_id": structure_id, "batch_id": batch_id, "form": form}
    return Asked(await enqueue(connection, EXPORT_REIMBURSEMENTS, wanted, now=now, owner=by))
