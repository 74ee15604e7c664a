"""`anonymise-accounts`, nightly; only ever by the clock of the wall."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.jobs import Job
from identity.domain.leaving import KEEPING
from identity.jobs.reviewing import IdentityRun, review_each
from identity.persistence import people
from identity.usecases.anonymise_account import anonymise_account


async def _anonymise(run: IdentityRun) -> str:
    """Keep nothing personal of the accounts whose time is over."""
    now = run.runtime.clock.now()
    # A day more than the rule, which counts days of each calendar: it is asked again for each of them.
    since = now - timedelta(days=365 * KEEPING.at(now).unused_years - 1)

    async def next_page(connection: AsyncConnection, after: UUID | None) -> Sequence[UUID]:
        return await people.may_be_over(connection, since, after)

    done = await review_each(
        run,
        next_page,
        lambda connection, person_id: anonymise_account(connection, person_id, now, run.runtime.sealer),
    )
    return f"{done} accounts made anonymous"


ANONYMISE_ACCOUNTS: Final = Job("anonymise-accounts", _anonymise)
