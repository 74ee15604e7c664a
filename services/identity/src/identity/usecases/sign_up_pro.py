"""Sign up a cultural actor: a person, the structure of their SIREN, and what ties them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.refusals import Refusal
from chassis.sealed import Sealer
from identity.domain.contact import parse_phone
from identity.domain.refusals import EmailAlreadyUsed, InvalidPhone
from identity.domain.sign_up_form import Applicant, ApplicantRefusal
from identity.persistence.mail_gate import MailGate
from identity.persistence.records import (
    AttachmentRecord,
    PersonRecord,
    SignUpFormRecord,
    StructureRecord,
)
from identity.usecases.join_structure import StructureForm, StructureFormRefusal, join_structure
from identity.usecases.sign_up import keep_form, open_account

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
    connection: AsyncConnection,
    form: ProForm,
    password_hash: str,
    now: datetime,
    wall_now: datetime,
    sealer: Sealer,
    mails: MailGate,
) -> Sequence[PersonRecord | AttachmentRecord | StructureRecord] | EmailAlreadyUsed:
    """The person, their attachment, and the structure if it is new. A known SIREN is no error (E78).

    An address that nobody has confirmed is nobody's: its next form waits beside the others.
    """
    person = await open_account(
        connection,
        PersonRecord(
            id=new_id(),
            email=form.applicant.email,
            password_hash=password_hash,
            first_name=form.applicant.first_name,
            last_name=form.applicant.last_name,
            phone=form.phone,
            created_at=now,
        ),
        sealer,
    )
    if person.email_confirmed_at is not None:
        return EmailAlreadyUsed()
    joined = await join_structure(connection, person.id, form.structure, now)
    waiting = SignUpFormRecord(
        id=new_id(),
        person_id=person.id,
        password_hash=password_hash,
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        phone=form.phone,
        structure_id=joined.attachment.structure_id,
        created_at=wall_now,
    )
    await keep_form(connection, waiting, person, wall_now, mails)
    new = [] if joined.new_structure is None else [joined.new_structure]
    return [person, joined.attachment, *new]
