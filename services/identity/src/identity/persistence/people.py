"""Statements on people."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates, Kept
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.persistence.tables import persons, suspensions

_PEOPLE = Aggregates(persons, PersonRecord)
find, lock, save, by_ids = _PEOPLE.find, _PEOPLE.lock, _PEOPLE.save, _PEOPLE.by_ids

_SUSPENSIONS = Kept(suspensions, SuspensionRecord)
add_suspension = _SUSPENSIONS.add

_ADD = _PEOPLE.insert.on_conflict_do_nothing(index_elements=[persons.c.email])
_BY_EMAIL = _PEOPLE.select.where(persons.c.email == sa.bindparam("email"))
_ID_BY_EMAIL = sa.select(persons.c.id).where(persons.c.email == sa.bindparam("email"))
_BY_EMAIL_LOCKED = _BY_EMAIL.with_for_update(key_share=True)
_LOOK_ALIKE = sa.select(sa.literal(1)).where(
    persons.c.likeness_digest.in_(sa.bindparam("digests", expanding=True)),
    persons.c.id != sa.bindparam("person_id"),
)


async def add(connection: AsyncConnection, person: PersonRecord) -> bool:
    """False when the e-mail address is taken, even by a sign-up of this very moment."""
    return await _PEOPLE.add(connection, person, _ADD)


async def find_by_email(connection: AsyncConnection, email: str) -> PersonRecord | None:
    return await _PEOPLE.one(connection, _BY_EMAIL, email=email)


async def id_of(connection: AsyncConnection, email: str) -> UUID | None:
    """Whose address it is: nothing else of them is read."""
    found: UUID | None = await connection.scalar(_ID_BY_EMAIL, {"email": email})
    return found


async def lock_by_email(connection: AsyncConnection, email: str) -> PersonRecord:
    """The person who holds an address that is known to be taken, locked."""
    person = await _PEOPLE.one(connection, _BY_EMAIL_LOCKED, email=email)
    assert person is not None
    return person


async def has_look_alike(
    connection: AsyncConnection, person_id: UUID, likeness_digests: Sequence[bytes]
) -> bool:
    """Is another person with these names and this birth date a beneficiary? Digests by every key."""
    found = await connection.scalar(_LOOK_ALIKE, {"digests": list(likeness_digests), "person_id": person_id})
    return found is not None
