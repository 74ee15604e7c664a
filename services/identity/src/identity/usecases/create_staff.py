"""Make an account of the team, or give an existing one of theirs a new password and role."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.contact import parse_email
from identity.domain.refusals import RoleForbidden
from identity.domain.roles import STAFF, Role
from identity.persistence import people
from identity.persistence.changing import change
from identity.persistence.event_states import person_event
from identity.persistence.tables import persons


async def create_staff(
    connection: AsyncConnection, email: str, password_hash: str, role: Role, now: datetime, sealer: Sealer
) -> bool | Refusal:
    """True when the account is new. Its address needs no confirmation: the team's own hands made it.

    An account that is not of the team is never turned into one: RoleForbidden.
    """
    address = parse_email(email)
    if isinstance(address, Refusal):
        return address
    person = await people.add(
        connection,
        id=new_id(),
        email=address,
        password_hash=password_hash,
        first_name="Équipe",
        last_name="pass Culture",
        roles=[role],
        email_confirmed_at=now,
        created_at=now,
    )
    if person is not None:
        await outbox.emit(connection, [person_event(person, sealer, "signed_up")])
        return True
    known = await people.lock_by_email(connection, address)
    held = frozenset(map(Role, known.roles))
    if not held or not held <= STAFF:
        return RoleForbidden()
    changed = await change(
        connection, persons, known.id, password_hash=password_hash, roles=sorted(held | {role})
    )
    await outbox.emit(connection, [person_event(changed, sealer)])
    return False
