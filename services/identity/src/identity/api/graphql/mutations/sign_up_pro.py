"""`signUpPro`"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import Info, answer, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.mutations.sign_up import sign_up_once
from identity.api.graphql.types import Person, Structure
from identity.domain.attachments import AttachmentStatus, status_at_sign_up
from identity.domain.refusals import BreachedPassword
from identity.domain.sign_up_form import Applicant
from identity.domain.structures import StructureStatus
from identity.persistence.records import AttachmentRecord, PersonRecord, StructureRecord
from identity.usecases.sign_up_pro import ProForm, SignUpProRefusal, sign_up_pro


@strawberry.input(description="A cultural actor's sign-up form.")
class SignUpProInput:
    email: str
    password: str
    first_name: str
    last_name: str
    phone: str
    siren: str = strawberry.field(description="9 digits; spaces are ignored.")
    structure_name: str


@strawberry.type(description="The account is made; its address waits for the mailed link.")
class SignedUpPro:
    person: Person
    structure: Structure | None = strawberry.field(
        description="Null while a colleague's attachment to a known structure is pending."
    )
    attachment_status: AttachmentStatus


SignUpProResult = result_union("SignUpProResult", SignedUpPro, SignUpProRefusal, BreachedPassword)


@strawberry.mutation(
    graphql_type=SignUpProResult,
    description="Sign up with a SIREN. A SIREN that is known already makes a pending attachment, no error.",
)
async def sign_up_pro_mutation(info: Info, input: SignUpProInput, idempotency_key: UUID) -> object:
    spend(info)
    runtime, now = info.context.runtime, info.context.now
    applicant = Applicant.parse(
        email=input.email,
        password=input.password,
        first_name=input.first_name,
        last_name=input.last_name,
        now=now,
    )
    if isinstance(applicant, Refusal):
        return answer(applicant)
    form = ProForm.parse(applicant, input.phone, input.siren, input.structure_name)
    if isinstance(form, Refusal):
        return answer(form)

    async def work(
        connection: AsyncConnection, password_hash: str
    ) -> Sequence[PersonRecord | AttachmentRecord | StructureRecord] | Refusal:
        wall_now = runtime.clock.now()
        return await sign_up_pro(
            connection, form, password_hash, now, wall_now, runtime.sealer, runtime.mails
        )

    done = await sign_up_once(info, "signUpPro", idempotency_key, form, input.password, work)
    if isinstance(done, Refusal):
        return answer(done)
    # Of the form alone, and as it was then: whoever sends it again later learns nothing of what became of it.
    person_id, _, *new_structure_id = done
    return SignedUpPro(
        person=Person.of(_person_as_typed(form, person_id, now), is_typed=True),
        structure=Structure.of(_structure_as_typed(form, new_structure_id[0], now), is_typed=True)
        if new_structure_id
        else None,
        attachment_status=status_at_sign_up(siren_is_known=not new_structure_id),
    )


def _person_as_typed(form: ProForm, person_id: UUID, now: datetime) -> PersonRecord:
    return PersonRecord(
        id=person_id,
        email=form.applicant.email,
        password_hash="",
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        phone=form.phone,
        created_at=now,
    )


def _structure_as_typed(form: ProForm, structure_id: UUID, now: datetime) -> StructureRecord:
    return StructureRecord(
        id=structure_id,
        siren=form.structure.siren,
        name=form.structure.name,
        status=StructureStatus.PENDING,
        created_at=now,
    )
