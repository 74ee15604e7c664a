"""What a birthday alone does to a person's credits: it adds to them, or opens the next one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.departments import timezone_of
from chassis.sealed import Sealer
from identity.domain.birthdays import on_birthday
from identity.persistence import grants, people
from identity.usecases.keep_roles import keep_roles
from identity.usecases.record_grant import record_grant


async def give_birthday_credit(
    connection: AsyncConnection, person_id: UUID, now: datetime, sealer: Sealer
) -> int:
    """How many credits of a person grew or were opened by a birthday; a second run adds nothing."""
    person = await people.lock(connection, person_id)
    if person is None or person.birth_date is None:
        return 0
    changed = 0
    for row in await grants.of_person(connection, person_id):
        decision = on_birthday(row.grant, person.birth_date, timezone_of(person.department_code), now)
        if decision is not None:
            await record_grant(connection, person_id, person.department_code, decision, now)
            changed += 1
    if changed:
        await keep_roles(connection, person, sealer)
    return changed
