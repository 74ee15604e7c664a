"""`restate-expiries`, nightly; `--at <instant>` replays a night."""

from typing import Final

from pydantic import AwareDatetime

from chassis.jobs import Job
from identity.domain.grants import GrantKind
from identity.jobs.reviewing import IdentityRun, review_holders
from identity.usecases.restate_expiries import restate_expiries


async def _restate(run: IdentityRun, at: AwareDatetime | None = None) -> str:
    """Write anew when credits end, by the rules of the instant."""
    changed = await review_holders(
        run,
        list(GrantKind),
        lambda connection, person_id: restate_expiries(connection, person_id, at or run.now),
    )
    return f"{changed} credits end at another instant"


RESTATE_EXPIRIES: Final = Job("restate-expiries", _restate)
