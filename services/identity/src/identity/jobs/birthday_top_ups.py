"""`birthday-top-ups`, nightly; `--at <instant>` replays a night."""

from typing import Final

from pydantic import AwareDatetime

from chassis.jobs import Job
from identity.domain.grants import GrantKind
from identity.jobs.reviewing import IdentityRun, review_holders
from identity.usecases.give_birthday_credit import give_birthday_credit


async def _top_up(run: IdentityRun, at: AwareDatetime | None = None) -> str:
    """Give the credits that a birthday brings."""
    changed = await review_holders(
        run,
        [GrantKind.GRANT_15_17],
        lambda connection, person_id: give_birthday_credit(
            connection, person_id, at or run.now, run.runtime.sealer
        ),
    )
    return f"{changed} birthday credits given"


BIRTHDAY_TOP_UPS: Final = Job("birthday-top-ups", _top_up)
