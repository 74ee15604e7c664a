"""`signUpPro`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, load, result_union
from chassis.refusals import Refusal
from identity.api.graphql.mutations.sign_up import sign_up_once
from identity.api.graphql.types import Person, Structure
from identity.domain.attachments import AttachmentStatus
from identity.domain.sign_up_form import Applicant
from identity.persistence import attachments, people, structures
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


SignUpProResult = result_union("SignUpProResult", SignedUpPro, SignUpProRefusal)


@strawberry.mutation(
    graphql_type=SignUpProResult,
    description="Sign up with a SIREN. A SIREN that is known already makes a pending attachment, no error.",
)
async def sign_up_pro_mutation(info: Info, input: SignUpProInput, idempotency_key: UUID) -> object:
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
    done = await sign_up_once(
        info,
        "signUpPro",
        idempotency_key,
        form,
        input.password,
        lambda connection, password_hash: sign_up_pro(connection, form, password_hash, now, runtime.sealer),
    )
    if isinstance(done, Refusal):
        return answer(done)
    attachment = await load(info, attachments.by_ids, done)
    assert attachment is not None
    person = await load(info, people.by_ids, attachment.person_id)
    structure = await load(info, structures.by_ids, attachment.structure_id)
    assert person is not None
    assert structure is not None
    is_attached = attachment.status is AttachmentStatus.VALIDATED
    return SignedUpPro(
        person=Person.of(person),
        structure=Structure.of(structure) if is_attached else None,
        attachment_status=attachment.status,
    )
