"""Attach a person to the structure of a SIREN, which is made when nobody has signed up with it yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from chassis.outbox import Event
from chassis.refusals import Refusal
from identity.domain.administration import FIRST_COMER, right_at_sign_up
from identity.domain.attachments import status_at_sign_up
from identity.domain.company_numbers import check_siren, compact
from identity.domain.contact import parse_name
from identity.domain.refusals import InvalidName, InvalidSiren, StaffActsForNobody
from identity.domain.separation import check_may_act_for_structures
from identity.domain.structures import StructureStatus
from identity.messages import attachment as attachment_message
from identity.messages import structure as structure_message
from identity.persistence import attachments, people, structures
from identity.persistence.records import AttachmentRecord, StructureRecord

StructureFormRefusal = InvalidSiren | InvalidName


@dataclass(frozen=True, slots=True)
class StructureForm:
    """What somebody says of their structure, checked."""

    siren: str
    name: str

    @classmethod
    def parse(cls, siren: str, name: str) -> "StructureForm | StructureFormRefusal":
        number = compact(siren)
        if (refusal := check_siren(number)) is not None:
            return refusal
        checked_name = parse_name(name, "structureName")
        return checked_name if isinstance(checked_name, Refusal) else cls(number, checked_name)


@dataclass(frozen=True, slots=True)
class Joined:
    attachment: AttachmentRecord
    new_structure: StructureRecord | None


JoinStructureRefusal = StructureFormRefusal | StaffActsForNobody


async def join_as(
    connection: AsyncConnection, person_id: UUID, form: StructureForm, now: datetime
) -> AttachmentRecord | StaffActsForNobody:
    """The attachment of somebody who is signed in."""
    person = await people.lock(connection, person_id)
    refusal = check_may_act_for_structures(person.roles if person else frozenset())
    return refusal or (await join_structure(connection, person_id, form, now)).attachment


async def join_structure(
    connection: AsyncConnection, person_id: UUID, form: StructureForm, now: datetime
) -> Joined:
    """The attachment: validated for the first of a SIREN, pending for a colleague; asking again changes nothing."""
    structure, is_new = await structures.add_or_find(
        connection,
        StructureRecord(
            id=new_id(), siren=form.siren, name=form.name, status=StructureStatus.PENDING, created_at=now
        ),
    )
    attachment = AttachmentRecord(
        id=new_id(),
        person_id=person_id,
        structure_id=structure.id,
        status=status_at_sign_up(siren_is_known=not is_new),
        right_held=right_at_sign_up(not is_new, FIRST_COMER.at(now)),
        created_at=now,
    )
    events: list[Event] = [structure_message.event(structure, "signed_up")] if is_new else []
    if await attachments.add(connection, attachment):
        events.append(attachment_message.event(attachment, "requested"))
    else:
        known = await attachments.between(connection, person_id, structure.id)
        assert known is not None
        attachment = known
    await outbox.emit(connection, events)
    return Joined(attachment, structure if is_new else None)
