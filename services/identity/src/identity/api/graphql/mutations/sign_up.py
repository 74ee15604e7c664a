"""`signUp`"""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql import Info, answer, once, result_union
from chassis.graphql.once import Identified
from chassis.refusals import Refusal
from identity.api.graphql.types import Person
from identity.domain.sign_up_form import Applicant
from identity.domain.territory import department_of
from identity.usecases.sign_up import AppForm, SignUpRefusal, sign_up

Work = Callable[[AsyncConnection, str], Awaitable[Identified | Refusal]]


@strawberry.input(description="A young person's sign-up form.")
class SignUpInput:
    email: str
    password: str
    first_name: str
    last_name: str
    birth_date: date
    postal_code: str


@strawberry.type(description="A mail is on its way to the address, whatever it says there.")
class SignedUp:
    person: Person = strawberry.field(
        description="As the form says. Its id is only certain once somebody has signed in."
    )


SignUpResult = result_union("SignUpResult", SignedUp, SignUpRefusal)


@strawberry.mutation(
    graphql_type=SignUpResult,
    description="Sign up in the app, from 15 on. The answer is the same for an address that is known already.",
)
async def sign_up_mutation(info: Info, input: SignUpInput, idempotency_key: UUID) -> object:
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
    form = AppForm.parse(applicant, input.birth_date, input.postal_code, now)
    if isinstance(form, Refusal):
        return answer(form)
    done = await sign_up_once(
        info,
        "signUp",
        idempotency_key,
        form,
        input.password,
        lambda connection, password_hash: sign_up(connection, form, password_hash, now, runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else SignedUp(person=_as_typed(form, done))


async def sign_up_once(
    info: Info, operation: str, key: UUID, form: object, password: str, work: Work
) -> UUID | Refusal:
    """As `once`, for a use case that is given the password's hash, which is costly, and made before.

    The password is compared by its keyed digest when the key is sent again.
    """
    runtime = info.context.runtime
    password_hash = await runtime.credentials.hash_for(key, password)
    request = {"form": form, "password": runtime.digest("idempotency", password).hex()}
    return await once(info, operation, key, request, lambda connection: work(connection, password_hash))


def _as_typed(form: AppForm, person_id: UUID) -> Person:
    """Made from the form alone: what is in the database must not shine through."""
    return Person(
        record_id=person_id,
        id=strawberry.ID(str(person_id)),
        email=form.applicant.email,
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        birth_date=form.birth_date,
        phone=None,
        department_code=department_of(form.postal_code),
        roles=[],
        is_active=True,
        email_confirmed=False,
    )
