"""Sign up a cultural actor: a person, the structure of their SIREN, and what ties them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import mail, outbox
from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.contact import parse_phone
from identity.domain.refusals import EmailAlreadyUsed, InvalidPhone
from identity.domain.sign_up_form import Applicant, ApplicantRefusal
from identity.messages import person as person_message
from identity.persistence import people
from identity.persistence.records import AttachmentRecord, PersonRecord
from identity.usecases.join_structure import StructureForm, StructureFormRefusal, join_structure

SignUpProRefusal = ApplicantRefusal | InvalidPhone | StructureFormRefusal | EmailAlreadyUsed


@dataclass(frozen=True, slots=True)
class ProForm:
    """What the pro sign-up form says, checked and normalised."""

    applicant: Applicant
    phone: str
    structure: StructureForm

    @classmethod
    def parse(
        cls, applicant: Applicant, phone: str, siren: str, structure_name: str
    ) -> "ProForm | InvalidPhone | StructureFormRefusal":
        number = parse_phone(phone)
        if isinstance(number, Refusal):
            return number
        structure = StructureForm.parse(siren, structure_name)
        return structure if isinstance(structure, Refusal) else cls(applicant, number, structure)


async def sign_up_pro(
    connection: AsyncConnection, form: ProForm, password_hash: str, now: datetime, sealer: Sealer
) -> AttachmentRecord | EmailAlreadyUsed:
    """The attachment of a new person to their structure. A known SIREN is no error (E78)."""
    person = PersonRecord(
        id=new_id(),
        email=form.applicant.email,
        password_hash=password_hash,
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        phone=form.phone,
        created_at=now,
    )
    if not await people.add(connection, person):
        return EmailAlreadyUsed()
    await outbox.emit(connection, [person_message.event(person, sealer, "signed_up")])
    attachment = await join_structure(connection, person.id, form.structure, now)
    await mail.enqueue(connection, "confirm_email", {"person_id": str(person.id)})
    return attachment
