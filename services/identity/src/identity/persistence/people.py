"""Statements on people."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.persistence.tables import persons

_INSERT = pg.insert(persons).on_conflict_do_nothing(index_elements=[persons.c.email]).returning(persons)
_BY_EMAIL = sa.select(persons).where(persons.c.email == sa.bindparam("email"))
_BY_EMAIL_LOCKED = _BY_EMAIL.with_for_update(key_share=True)
_BY_ID = sa.select(persons).where(persons.c.id == sa.bindparam("person_id"))
_LOOK_ALIKE = sa.select(sa.literal(1)).where(
    persons.c.likeness_digest == sa.bindparam("digest"), persons.c.id != sa.bindparam("person_id")
)
_SAME_DOCUMENT = sa.select(sa.literal(1)).where(
    persons.c.document_digest == sa.bindparam("digest"), persons.c.id != sa.bindparam("person_id")
)


async def add(connection: AsyncConnection, **values: Any) -> sa.Row[Any] | None:
    """A new person; None when the e-mail address is taken, even by a sign-up of this very moment."""
    row: sa.Row[Any] | None = (await connection.execute(_INSERT, values)).one_or_none()
    return row


async def find(connection: AsyncConnection, person_id: UUID) -> sa.Row[Any] | None:
    return (await connection.execute(_BY_ID, {"person_id": person_id})).one_or_none()


async def find_by_email(connection: AsyncConnection, email: str) -> sa.Row[Any] | None:
    return (await connection.execute(_BY_EMAIL, {"email": email})).one_or_none()


async def lock_by_email(connection: AsyncConnection, email: str) -> sa.Row[Any]:
    """The person who holds an address that is known to be taken, locked."""
    return (await connection.execute(_BY_EMAIL_LOCKED, {"email": email})).one()


async def has_look_alike(connection: AsyncConnection, person_id: UUID, likeness_digest: bytes) -> bool:
    """Is another person with these names and this birth date a beneficiary?"""
    found = await connection.scalar(_LOOK_ALIKE, {"digest": likeness_digest, "person_id": person_id})
    return found is not None


async def document_is_taken(connection: AsyncConnection, person_id: UUID, document_digest: bytes) -> bool:
    """Did this document open somebody else's credit?"""
    found = await connection.scalar(_SAME_DOCUMENT, {"digest": document_digest, "person_id": person_id})
    return found is not None
