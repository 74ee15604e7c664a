"""`create-staff --email … --role admin|finance [--password …]`: an account of the team."""

import argparse
import os
from collections.abc import Sequence

from chassis.refusals import Refusal
from identity.domain.contact import normalise_email
from identity.domain.passwords import check_password
from identity.domain.roles import Role
from identity.persistence import people
from identity.runtime import IdentityRuntime
from identity.usecases.create_staff import create_staff

PASSWORD_VARIABLE = "PASS_STAFF_PASSWORD"  # noqa: S105 - the name of a variable


async def create_staff_job(runtime: IdentityRuntime, arguments: Sequence[str]) -> str:
    """Made, updated or left as it is; a refusal ends the process with its sentence."""
    asked = _parser().parse_args(arguments)
    password = asked.password or os.environ.get(PASSWORD_VARIABLE, "")
    role, now = Role(asked.role), runtime.clock.now()
    if (weak := check_password(password, now)) is not None:
        raise SystemExit(f"{PASSWORD_VARIABLE}: {weak.message}")

    async with runtime.database.read() as connection:
        known = await people.find_by_email(connection, normalise_email(asked.email))
    if (
        known is not None
        and role in known.roles
        and await runtime.credentials.matches(password, known.password_hash)
    ):
        return f"{role} account unchanged"
    password_hash = await runtime.credentials.hash(password)
    outcome = await runtime.database.run(
        lambda connection: create_staff(connection, asked.email, password_hash, role, now, runtime.sealer)
    )
    if isinstance(outcome, Refusal):
        raise SystemExit(outcome.message)
    return f"{role} account {'made' if outcome else 'updated'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="create-staff")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", help=f"else from {PASSWORD_VARIABLE}")
    parser.add_argument("--role", required=True, choices=[Role.ADMIN.value, Role.FINANCE.value])
    return parser
