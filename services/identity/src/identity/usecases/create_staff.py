"""Make an account of the team, or give an existing one of theirs a new password and role."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.attachments import AttachmentStatus
from identity.domain.contact import parse_email
from identity.domain.refusals import MalformedEmail, RoleForbidden, StaffActsForNobody
from identity.domain.roles import STAFF, Role
from identity.messages import person as person_message
from identity.persistence import attachments, factors, people
from identity.persistence.records import PersonRecord
from identity.usecases.end_sessions import end_sessions
from identity.usecases.open_enrolment import open_enrolment, reopen_enrolment

CreateStaffRefusal = MalformedEmail | RoleForbidden | StaffActsForNobody


async def create_staff(
    connection: AsyncConnection,
    email: str,
    password_hash: str,
    role: Role,
    now: datetime,
    wall_now: datetime,
    sealer: Sealer,
) -> PersonRecord | CreateStaffRefusal:
    """The account: of version 1 when it is new. Its address needs no confirmation: the team's own hands made it.

    It has no right before its person has registered a second factor, for which they have three days; a factor
    that is there stays: an operator alone, with a new password, is not let in. An account that is not of the
    team is never turned into one: RoleForbidden.
    """
    address = parse_email(email)
    if isinstance(address, Refusal):
        return address
    person = PersonRecord(
        id=new_id(),
        email=address,
        password_hash=password_hash,
        first_name="Équipe",
        last_name="pass Culture",
        roles=frozenset({role}),
        email_confirmed_at=now,
        created_at=now,
    )
    if await people.add(connection, person):
        await outbox.emit(connection, [person_message.event(person, sealer, "signed_up")])
        await open_enrolment(connection, person.id, None, wall_now)
        return person
    known = await people.lock_by_email(connection, address)
    if not known.roles or not known.roles <= STAFF:
        return RoleForbidden()
    attached = await attachments.of_people(connection, [known.id])
    if any(each.status is not AttachmentStatus.REJECTED for each in attached.get(known.id, ())):
        return StaffActsForNobody()
    # Whoever had the old password, or a session from it, is out.
    await end_sessions(connection, known.id, wall_now)
    await factors.void_challenges(connection, known.id)
    await reopen_enrolment(connection, known.id, wall_now)
    changed = replace(known, password_hash=password_hash, roles=known.roles | {role})
    saved = await people.save(connection, changed)
    await mail.enqueue(connection, "password_changed", {"person_id": str(known.id)})
    await outbox.emit(connection, [person_message.event(saved, sealer)])
    return saved
