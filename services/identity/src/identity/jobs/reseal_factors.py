"""`reseal-factors`: a step of changing the sealing key, before the old one is taken away."""

from collections.abc import Awaitable
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job
from identity.jobs.reviewing import IdentityRun
from identity.persistence import factors
from identity.usecases.reseal_factor import reseal_factor


async def _reseal(run: IdentityRun) -> str:
    """Seal the secrets of the team's codes with the newest sealing key; can be run again."""
    async with run.runtime.database.read() as connection:
        ids = await factors.with_secrets(connection)
    done = 0
    for factor_id in ids:

        def reseal(connection: AsyncConnection, which: UUID = factor_id) -> Awaitable[bool]:
            return reseal_factor(connection, which, run.runtime.sealer)

        done += await run.step(reseal)
    return f"{done} of {len(ids)} secrets sealed anew"


RESEAL_FACTORS: Final = Job("reseal-factors", _reseal)
