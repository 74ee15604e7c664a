"""`python -m finance job close-fortnight --last-day 2026-11-15`, and by itself on the day after."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job, Row, Run, enqueue
from chassis.refusals import Refusal
from finance.persistence.records import BatchRecord
from finance.runtime import FinanceRuntime
from finance.usecases.close_fortnight import CloseFortnightRefusal, begin_close, close_fortnight


async def _close(run: Run[FinanceRuntime], last_day: date) -> str | Refusal:
    """Close the fortnight that ended on its last day (YYYY-MM-DD, inclusive), unless it was before."""
    runtime = run.runtime
    result = await close_fortnight(
        runtime.database,
        last_day=last_day,
        now=run.now,
        debtor=runtime.debtor,
        execution_delay=runtime.execution_delay,
        by=None,
    )
    return result if isinstance(result, Refusal) else f"fortnight ending {last_day}: batch {result.id}"


CLOSE_FORTNIGHT: Final = Job("close-fortnight", _close)


async def begin_for_good(
    connection: AsyncConnection, *, last_day: date, now: datetime, execution_delay: timedelta, by: UUID
) -> BatchRecord | CloseFortnightRefusal:
    """Begin a close as a person, so that it is finished even if this process dies. Raises CloseUnderWay."""
    begun = await begin_close(connection, last_day=last_day, now=now, execution_delay=execution_delay, by=by)
    if isinstance(begun, BatchRecord) and begun.settled_at is None:
        await enqueue(
            connection, CLOSE_FORTNIGHT, {"last_day": last_day}, now=now, unique_key=f"batch {begun.id}"
        )
    return begun


EVERY_FORTNIGHT: Final = Row(
    "close-fortnight",
    "0 6 1,16 * *",
    CLOSE_FORTNIGHT,
    # One that was missed altogether is paid with the next: a close takes whatever was used before its end.
    arguments=lambda due: {"last_day": due.date() - timedelta(days=1)},
)
