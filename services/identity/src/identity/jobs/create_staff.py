"""`create-staff --email … --role admin|finance [--password …]`: an account of the team."""

import os
from typing import Final, Literal

from chassis.jobs import Job, Run
from chassis.refusals import Refusal
from identity.credentials import is_leaked
from identity.domain.contact import normalise_email
from identity.domain.passwords import check_password
from identity.domain.refusals import BreachedPassword
from identity.domain.roles import Role
from identity.persistence import people
from identity.runtime import IdentityRuntime
from identity.usecases.create_staff import create_staff
from identity.usecases.open_enrolment import reopen_enrolment

PASSWORD_VARIABLE = "PASS_STAFF_PASSWORD"  # noqa: S105 - the name of a variable


async def _create(
    run: Run[IdentityRuntime], email: str, role: Literal["admin", "finance"], password: str | None = None
) -> str | Refusal:
    """Make or update an account of the team; without --password it is read from PASS_STAFF_PASSWORD.

    Its person registers a second factor at their first sign-in, within three days; run again, it opens three more.
    """
    runtime, wanted = run.runtime, Role(role)
    password = password or os.environ.get(PASSWORD_VARIABLE, "")
    if (weak := check_password(password, run.now)) is not None:
        raise SystemExit(f"{PASSWORD_VARIABLE}: {weak.message}")
    if await is_leaked(password, runtime.leaks):
        raise SystemExit(f"{PASSWORD_VARIABLE}: {BreachedPassword().message}")

    async with runtime.database.read() as connection:
        known = await people.find_by_email(connection, normalise_email(email))
    wall_now = runtime.clock.now()
    if (
        known is not None
        and wanted in known.roles
        and await runtime.credentials.matches(password, known.password_hash)
    ):
        person_id = known.id
        await runtime.database.run(lambda connection: reopen_enrolment(connection, person_id, wall_now))
        return f"{wanted} account unchanged"
    password_hash = await runtime.credentials.hash(password)
    outcome = await runtime.database.run(
        lambda connection: create_staff(
            connection, email, password_hash, wanted, run.now, wall_now, runtime.sealer
        )
    )
    if isinstance(outcome, Refusal):
        return outcome
    return f"{wanted} account {'made' if outcome.version == 1 else 'updated'}"


CREATE_STAFF: Final = Job("create-staff", _create, is_recorded=False)
