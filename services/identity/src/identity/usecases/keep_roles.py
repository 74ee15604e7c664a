"""Keep a person's roles what their grants and attachments make them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.sealed import Sealer
from identity.domain.roles import STAFF, Role, roles_of
from identity.persistence import grants, structures
from identity.persistence.changing import change
from identity.persistence.event_states import person_event
from identity.persistence.tables import persons


async def keep_roles(
    connection: AsyncConnection, person: sa.Row[Any], sealer: Sealer, **values: Any
) -> sa.Row[Any]:
    """Write the roles that follow from the tables, with any other `values`, and tell the person's state.

    `person` must be locked. Without any change nothing is written or told.
    """
    held = frozenset(map(Role, person.roles))
    roles = roles_of(
        held & STAFF,
        [grants.grant_of(row) for row in await grants.rows_of(connection, person.id)],
        (await structures.attached(connection, person.id)).values(),
    )
    if roles == held and not values:
        return person
    changed = await change(connection, persons, person.id, roles=sorted(roles), **values)
    await outbox.emit(connection, [person_event(changed, sealer)])
    return changed
