"""`python -m finance job close-fortnight --last-day 2026-11-15`, and by itself on the day after."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job, Row, Run
from chassis.refusals import Refusal
from finance.persistence.records import BatchRecord
from finance.runtime import FinanceRuntime
from finance.usecases.close_fortnight import CloseFortnightRefusal, close_fortnight


async def _close(run: Run[FinanceRuntime], last_day: date) -> str | Refusal:
    """Close the fortnight that ended on its last day (YYYY-MM-DD, inclusive), unless it was before."""

    async def close(connection: AsyncConnection) -> BatchRecord | CloseFortnightRefusal:
        return await close_fortnight(
            connection,
            last_day=last_day,
            now=run.now,
            debtor=run.runtime.debtor,
            execution_delay=run.runtime.execution_delay,
            by=None,
        )

    result = await run.runtime.database.run(close)
    return result if isinstance(result, Refusal) else f"fortnight ending {last_day}: batch {result.id}"


CLOSE_FORTNIGHT: Final = Job("close-fortnight", _close)

EVERY_FORTNIGHT: Final = Row(
    "close-fortnight",
    "0 6 1,16 * *",
    CLOSE_FORTNIGHT,
    # One that was missed altogether is paid with the next: a close takes whatever was used before its end.
    arguments=lambda due: {"last_day": due.date() - timedelta(days=1)},
)
