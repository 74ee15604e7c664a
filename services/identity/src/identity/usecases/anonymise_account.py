"""Keep nothing personal of an account whose time is over: its id, its credits and its dates alone."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox, revocations
from chassis.departments import timezone_of
from chassis.revocations import Standing
from chassis.sealed import Sealer
from identity.domain.attachments import AttachmentStatus
from identity.domain.leaving import KeptAccount, is_over
from identity.domain.structures import StructureStatus
from identity.domain.suspension import SuspensionReason
from identity.messages import person as person_message
from identity.persistence import attachments, grants, people
from identity.persistence.records import PersonRecord

_NOBODY = "Anonyme"
_ENDED = frozenset({StructureStatus.REJECTED, StructureStatus.CLOSED})


async def anonymise_account(
    connection: AsyncConnection, person_id: UUID, now: datetime, sealer: Sealer
) -> int:
    """1 when it was done, 0 when something is to be kept still. Judged again here, under the lock.

    Their event says the same everywhere: whoever has a copy has an empty one from then on.
    """
    person = await people.lock(connection, person_id)
    if person is None or person.anonymised_at is not None:
        return 0
    if not is_over(await _kept(connection, person), now):
        return 0
    await people.forget(connection, person_id)
    gone = await people.save(
        connection,
        replace(
            person,
            email=people.nobodys_email(person_id),
            password_hash="",
            first_name=_NOBODY,
            last_name=_NOBODY,
            birth_date=None,
            phone=None,
            postal_code=None,
            city=None,
            activity=None,
            likeness_digest=None,
            document_digest=None,
            is_active=False,
            suspension_reason=SuspensionReason.DELETED,
            anonymised_at=now,
        ),
    )
    await revocations.keep(connection, [Standing(gone.id, gone.version, gone.is_active)])
    await outbox.emit(connection, [person_message.event(gone, sealer, "anonymised")])
    return 1


async def _kept(connection: AsyncConnection, person: PersonRecord) -> KeptAccount:
    held = await grants.of_person(connection, person.id)
    ends = [grant.expires_at for grant in held if grant.expires_at is not None]
    attached = await attachments.states_of_person(connection, person.id)
    return KeptAccount(
        roles=person.roles,
        reason=person.suspension_reason,
        suspended_at=await people.suspended_at(connection, person.id),
        last_seen_at=await people.last_seen_at(connection, person.id) or person.created_at,
        birth_date=person.birth_date,
        is_beneficiary=bool(held),
        credit_ends_at=max(ends) if len(ends) == len(held) and ends else None,
        acts_for_others=any(
            structure not in _ENDED and status is not AttachmentStatus.REJECTED
            for structure, status in attached.values()
        ),
        zone=timezone_of(person.department_code),
    )
