"""Sign up a cultural actor: a person, the structure of their SIREN, and what ties them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.contact import parse_email, parse_name, parse_phone
from identity.domain.passwords import check_password
from identity.domain.refusals import EmailAlreadyUsed
from identity.persistence import people
from identity.persistence.event_states import person_event
from identity.usecases.join_structure import StructureForm, join_structure


@dataclass(frozen=True, slots=True)
class ProForm:
    """What the pro sign-up form says, checked and normalised; the password is hashed apart."""

    email: str
    first_name: str
    last_name: str
    phone: str
    structure: StructureForm

    @classmethod
    def parse(
        cls,
        *,
        email: str,
        password: str,
        first_name: str,
        last_name: str,
        phone: str,
        siren: str,
        structure_name: str,
        now: datetime,
    ) -> "ProForm | Refusal":
        """The form, or why it cannot be taken: the first wrong field in the order of the form."""
        address = parse_email(email)
        if isinstance(address, Refusal):
            return address
        if (weak := check_password(password, now)) is not None:
            return weak
        first, last = parse_name(first_name, "firstName"), parse_name(last_name, "lastName")
        if isinstance(first, Refusal):
            return first
        if isinstance(last, Refusal):
            return last
        number = parse_phone(phone)
        if isinstance(number, Refusal):
            return number
        structure = StructureForm.parse(siren, structure_name)
        if isinstance(structure, Refusal):
            return structure
        return cls(address, first, last, number, structure)


async def sign_up_pro(
    connection: AsyncConnection, form: ProForm, password_hash: str, now: datetime, sealer: Sealer
) -> dict[str, Any] | EmailAlreadyUsed:
    """The ids of the person and the structure, and the state of their attachment. A known SIREN is no error (E78)."""
    person = await people.add(
        connection,
        id=new_id(),
        email=form.email,
        password_hash=password_hash,
        first_name=form.first_name,
        last_name=form.last_name,
        phone=form.phone,
        created_at=now,
    )
    if person is None:
        return EmailAlreadyUsed()
    await outbox.emit(connection, [person_event(person, sealer, "signed_up")])
    attachment = await join_structure(connection, person.id, form.structure, now)
    await mail.enqueue(connection, "confirm_email", {"person_id": str(person.id)})
    return {
        "person_id": str(person.id),
        "structure_id": str(attachment.structure_id),
        "attachment_status": attachment.status,
    }
