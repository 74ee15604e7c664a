"""What the public register says of a company, for a pro who is about to name a structure."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from chassis import throttle
from chassis.db import Database
from identity.domain.companies import Company
from identity.partners.company_registry import CompanyRegistry

_WINDOW: Final = timedelta(minutes=1)
_QUESTIONS_A_MINUTE: Final = 30


class TooManyQuestions(Exception):
    """One person asks more within a minute than somebody who fills in a form."""


async def find_company(
    database: Database, registry: CompanyRegistry, asker_id: UUID, siren: str, *, now: datetime
) -> Company | None:
    """None when the register knows no such company. `siren` is well formed.

    Takes the database rather than a connection: none is held while a server of others is waited for.
    Raises TooManyQuestions, RegistryUnavailable.
    """
    async with database.read() as connection:
        allowed = await throttle.allows(
            connection, f"company:{asker_id}", limit=_QUESTIONS_A_MINUTE, window=_WINDOW, now=now
        )
    if not allowed:
        raise TooManyQuestions
    return await registry.find(siren)
