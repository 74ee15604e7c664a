"""Attach a person to the structure of a SIREN, which is made when nobody has signed up with it yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import outbox
from chassis.ids import new_id
from chassis.outbox import Event
from chassis.refusals import Refusal
from identity.domain.administration import FIRST_COMER, right_at_sign_up
from identity.domain.attachments import status_at_sign_up
from identity.domain.company_numbers import check_siren, compact
from identity.domain.contact import parse_name
from identity.domain.structures import StructureStatus
from identity.persistence import structures
from identity.persistence.event_states import attachment_event, structure_event


@dataclass(frozen=True, slots=True)
class StructureForm:
    """What somebody says of their structure, checked."""

    siren: str
    name: str

    @classmethod
    def parse(cls, siren: str, name: str) -> "StructureForm | Refusal":
        number = compact(siren)
        if (refusal := check_siren(number)) is not None:
            return refusal
        checked_name = parse_name(name, "structureName")
        return checked_name if isinstance(checked_name, Refusal) else cls(number, checked_name)


async def join_structure(
    connection: AsyncConnection, person_id: UUID, form: StructureForm, now: datetime
) -> sa.Row[Any]:
    """The attachment: validated for the first of a SIREN, pending for a colleague; asking again changes nothing."""
    structure, is_new = await structures.add_or_find(
        connection,
        id=new_id(),
        siren=form.siren,
        name=form.name,
        status=StructureStatus.PENDING,
        created_at=now,
    )
    attachment = await structures.attach(
        connection,
        id=new_id(),
        person_id=person_id,
        structure_id=structure.id,
        status=status_at_sign_up(siren_is_known=not is_new),
        right_held=right_at_sign_up(not is_new, FIRST_COMER.at(now)),
        created_at=now,
    )
    events: list[Event] = [structure_event(structure, "signed_up")] if is_new else []
    if attachment is None:
        attachment = await structures.attachment_between(connection, person_id, structure.id)
        assert attachment is not None
    else:
        events.append(attachment_event(attachment, "requested"))
    await outbox.emit(connection, events)
    return attachment
