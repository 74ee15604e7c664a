"""`python -m finance job forget-exports`, and by itself every night."""

from datetime import timedelta
from typing import Final

from chassis.jobs import Job, Row, Run
from finance.runtime import FinanceRuntime
from finance.usecases.export_reimbursements import FOLDER


async def _forget(run: Run[FinanceRuntime]) -> str:
    """Delete the exports that have been kept for long enough: they hold names and accounts."""
    kept = timedelta(days=run.runtime.settings.exports_kept_days)
    forgotten = await run.runtime.files.forget(FOLDER, run.now - kept)
    return f"{forgotten} exports deleted"


FORGET_EXPORTS: Final = Job("forget-exports", _forget)

EVERY_NIGHT: Final = Row("forget-exports", "40 3 * * *", FORGET_EXPORTS)
