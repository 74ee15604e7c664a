"""`python -m finance job close-fortnight --last-day 2026-11-15`"""

import argparse
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.refusals import Refusal
from finance.runtime import FinanceRuntime
from finance.usecases.close_fortnight import close_fortnight


async def run(runtime: FinanceRuntime, arguments: Sequence[str]) -> str:
    """Close a fortnight that is over; says which batch came out, or exits with the reason it cannot."""
    parser = argparse.ArgumentParser(prog="close-fortnight")
    parser.add_argument("--last-day", type=date.fromisoformat, required=True, help="YYYY-MM-DD, inclusive")
    last_day = parser.parse_args(list(arguments)).last_day

    async def close(connection: AsyncConnection) -> object:
        return await close_fortnight(
            connection,
            last_day=last_day,
            now=runtime.clock.now(),
            debtor=runtime.debtor,
            execution_delay=runtime.execution_delay,
        )

    result = await runtime.database.run(close)
    if isinstance(result, Refusal):
        raise SystemExit(result.message)
    return f"fortnight ending {last_day}: batch {result}"
