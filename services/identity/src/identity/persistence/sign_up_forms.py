"""Statements on sign-up forms."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kept import Aggregates
from identity.persistence.records import SignUpFormRecord
from identity.persistence.tables import persons, sign_up_forms

_FORMS = Aggregates(sign_up_forms, SignUpFormRecord)
find, add = _FORMS.find, _FORMS.add

_LATEST_OF_ADDRESS = (
    _FORMS.select.join(persons, persons.c.id == sign_up_forms.c.person_id)
    .where(persons.c.email == sa.bindparam("email"), sign_up_forms.c.created_at >= sa.bindparam("since"))
    .order_by(sign_up_forms.c.id.desc())
    .limit(1)
)
_LAST_OF_PERSON = (
    _FORMS.select.where(sign_up_forms.c.person_id == sa.bindparam("person"))
    .order_by(sign_up_forms.c.id.desc())
    .limit(sa.bindparam("at_most"))
)
_FORGET = sa.delete(sign_up_forms).where(
    sign_up_forms.c.person_id == sa.bindparam("person"), sign_up_forms.c.created_at < sa.bindparam("since")
)


async def latest_of_address(
    connection: AsyncConnection, email: str, since: datetime
) -> SignUpFormRecord | None:
    """The last form of an address that was sent in `since` then, whether or not it has an account."""
    return await _FORMS.one(connection, _LATEST_OF_ADDRESS, email=email, since=since)


async def last_of_person(
    connection: AsyncConnection, person_id: UUID, at_most: int
) -> list[SignUpFormRecord]:
    """The last forms of one address, the newest first."""
    return await _FORMS.all(connection, _LAST_OF_PERSON, person=person_id, at_most=at_most)


async def forget_before(connection: AsyncConnection, person_id: UUID, since: datetime) -> None:
    """Forget the forms of an address whose links are over."""
    await connection.execute(_FORGET, {"person": person_id, "since": since})
