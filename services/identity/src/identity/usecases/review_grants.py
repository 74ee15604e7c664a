"""What time alone does to a person's credits: birthdays add to them, reforms move their end."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.sealed import Sealer
from identity.domain.birthdays import on_birthday
from identity.domain.grants import expiry_of
from identity.domain.territory import zone_of
from identity.persistence import grants
from identity.persistence.changing import lock
from identity.persistence.event_states import grant_event
from identity.persistence.tables import persons
from identity.usecases.keep_roles import keep_roles
from identity.usecases.record_grant import record_grant


async def give_birthday_credit(
    connection: AsyncConnection, person_id: UUID, now: datetime, sealer: Sealer
) -> int:
    """How many credits of a person grew or were opened by a birthday; a second run adds nothing."""
    person = await lock(connection, persons, person_id)
    if person is None or person.birth_date is None:
        return 0
    changed = 0
    for row in await grants.rows_of(connection, person_id):
        decision = on_birthday(grants.grant_of(row), person.birth_date, zone_of(person.department_code), now)
        if decision is not None:
            await record_grant(connection, person_id, person.department_code, decision, now)
            changed += 1
    if changed:
        await keep_roles(connection, person, sealer)
    return changed


async def restate_expiries(connection: AsyncConnection, person_id: UUID, now: datetime) -> int:
    """How many of a person's credits end at another instant by the rules of `now` than was written.

    A credit that was replaced has ended for good, and is left alone.
    """
    person = await lock(connection, persons, person_id)
    if person is None or person.birth_date is None:
        return 0
    rows = await grants.rows_of(connection, person_id)
    replaced = {row.replaces_grant_id for row in rows}
    changed = 0
    for row in rows:
        grant = grants.grant_of(row)
        end = expiry_of(grant.kind, grant.granted_at, person.birth_date, zone_of(person.department_code), now)
        if row.id not in replaced and end != grant.expires_at:
            saved = await grants.save(connection, row.id, replace(grant, expires_at=end))
            await outbox.emit(connection, [grant_event(saved, "expiry_restated")])
            changed += 1
    return changed
