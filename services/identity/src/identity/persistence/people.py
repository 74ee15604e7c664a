"""Statements on people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates, Kept
from identity.domain.suspension import SuspensionReason
from identity.persistence.records import PersonRecord, SuspensionRecord
from identity.persistence.tables import (
    account_tokens,
    email_changes,
    identity_checks,
    known_devices,
    known_places,
    persons,
    refresh_tokens,
    sessions,
    sign_up_forms,
    suspensions,
)

_PEOPLE = Aggregates(persons, PersonRecord)
find, lock, save, by_ids = _PEOPLE.find, _PEOPLE.lock, _PEOPLE.save, _PEOPLE.by_ids

_SUSPENSIONS = Kept(suspensions, SuspensionRecord)
add_suspension = _SUSPENSIONS.add

_SUSPENDED_AT = sa.select(sa.func.max(suspensions.c.decided_at)).where(
    suspensions.c.person_id == sa.bindparam("person"), suspensions.c.reason.is_not(None)
)
_MAY_BE_OVER = (
    sa.select(persons.c.id)
    .where(
        persons.c.anonymised_at.is_(None),
        sa.or_(
            persons.c.suspension_reason == SuspensionReason.UPON_USER_REQUEST,
            persons.c.created_at < sa.bindparam("since"),
        ),
        persons.c.id > sa.bindparam("after"),
    )
    .order_by(persons.c.id)
    .limit(500)
)
_LAST_SEEN = sa.select(sa.func.max(sessions.c.last_used_at)).where(
    sessions.c.person_id == sa.bindparam("person")
)
_OWN_SESSIONS = sa.select(sessions.c.id).where(sessions.c.person_id == sa.bindparam("person"))
_FORGET = (
    sa.delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(_OWN_SESSIONS)),
    *(
        sa.delete(table).where(table.c.person_id == sa.bindparam("person"))
        for table in (
            *(sessions, account_tokens, sign_up_forms),
            *(known_places, known_devices, email_changes, identity_checks),
        )
    ),
)
_NOBODY = UUID(int=0)

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


def nobodys_email(person_id: UUID) -> str:
    """What stands for the address of an account that has none: no mail can ever be sent there (RFC 6761)."""
    return f"{person_id}@nobody.invalid"


async def has_look_alike(
    connection: AsyncConnection, person_id: UUID, likeness_digests: Sequence[bytes]
) -> bool:
    """Is another person with these names and this birth date a beneficiary? Digests by every key."""
    found = await connection.scalar(_LOOK_ALIKE, {"digests": list(likeness_digests), "person_id": person_id})
    return found is not None


async def suspended_at(connection: AsyncConnection, person_id: UUID) -> datetime | None:
    """When somebody was last suspended, by whomever."""
    instant: datetime | None = await connection.scalar(_SUSPENDED_AT, {"person": person_id})
    return instant


async def last_seen_at(connection: AsyncConnection, person_id: UUID) -> datetime | None:
    """When somebody last used a session."""
    instant: datetime | None = await connection.scalar(_LAST_SEEN, {"person": person_id})
    return instant


async def may_be_over(connection: AsyncConnection, since: datetime, after: UUID | None) -> Sequence[UUID]:
    """The next 500 people, by id, who have left or were there before `since`, and are not anonymous yet."""
    rows = await connection.scalars(_MAY_BE_OVER, {"since": since, "after": after or _NOBODY})
    return rows.all()


async def forget(connection: AsyncConnection, person_id: UUID) -> None:
    """Take away every row that says something of a person beside their own: what they typed, where they signed in."""
    for statement in _FORGET:
        await connection.execute(statement, {"person": person_id})
