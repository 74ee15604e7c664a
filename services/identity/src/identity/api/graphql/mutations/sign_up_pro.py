"""`signUpPro`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal
from identity.api.graphql.acting import once, person_row, structure_row
from identity.api.graphql.types import Person, Structure
from identity.domain import refusals as no
from identity.domain.attachments import AttachmentStatus
from identity.usecases.sign_up_pro import ProForm, sign_up_pro


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


SignUpProResult = result_union(
    "SignUpProResult",
    SignedUpPro,
    no.MalformedEmail,
    no.WeakPassword,
    no.InvalidName,
    no.InvalidPhone,
    no.InvalidSiren,
    no.EmailAlreadyUsed,
)


@strawberry.mutation(
    graphql_type=SignUpProResult,
    description="Sign up with a SIREN. A SIREN that is known already makes a pending attachment, no error.",
)
async def sign_up_pro_mutation(info: Info, input: SignUpProInput, idempotency_key: UUID) -> object:
    runtime, now = info.context.runtime, info.context.now
    form = ProForm.parse(
        email=input.email,
        password=input.password,
        first_name=input.first_name,
        last_name=input.last_name,
        phone=input.phone,
        siren=input.siren,
        structure_name=input.structure_name,
        now=now,
    )
    if isinstance(form, Refusal):
        return answer(form)
    password_hash = await runtime.credentials.hash_for(idempotency_key, input.password)
    request = {"form": form, "password": runtime.digest("idempotency", input.password).hex()}
    done = await once(
        info,
        "signUpPro",
        idempotency_key,
        request,
        lambda connection: sign_up_pro(connection, form, password_hash, now, runtime.sealer),
    )
    if isinstance(done, Refusal):
        return answer(done)
    status = AttachmentStatus(done["attachment_status"])
    structure = (
        Structure.of(await structure_row(info, done["structure_id"]))
        if status is AttachmentStatus.VALIDATED
        else None
    )
    return SignedUpPro(
        person=Person.of(await person_row(info, done["person_id"])),
        structure=structure,
        attachment_status=status,
    )
