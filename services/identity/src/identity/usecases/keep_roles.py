"""Keep a person's roles what their grants and attachments make them."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.sealed import Sealer
from identity.domain.roles import STAFF, roles_of
from identity.messages import person as person_message
from identity.persistence import attachments, grants, people
from identity.persistence.records import PersonRecord


async def keep_roles(
    connection: AsyncConnection, person: PersonRecord, sealer: Sealer, changed: PersonRecord | None = None
) -> PersonRecord:
    """Write the roles that follow from the tables, with what else has `changed`, and publish the person.

    `person` as it is in its row, which must be locked. Without any change nothing is written or published.
    """
    wanted = changed or person
    roles = roles_of(
        person.roles & STAFF,
        [row.grant for row in await grants.of_person(connection, person.id)],
        (await attachments.states_of_person(connection, person.id)).values(),
    )
    wanted = replace(wanted, roles=roles)
    if wanted == person:
        return person
    saved = await people.save(connection, wanted)
    await outbox.emit(connection, [person_message.event(saved, sealer)])
    return saved
