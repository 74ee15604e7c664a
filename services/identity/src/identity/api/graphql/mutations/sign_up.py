"""`signUp`"""

from datetime import date
from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal
from identity.api.graphql.acting import once
from identity.api.graphql.types import Person
from identity.domain import refusals as no
from identity.domain.territory import department_of
from identity.usecases.sign_up import AppForm, sign_up


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


SignUpResult = result_union(
    "SignUpResult",
    SignedUp,
    no.MalformedEmail,
    no.WeakPassword,
    no.InvalidName,
    no.InvalidPostalCode,
    no.TooYoung,
)


@strawberry.mutation(
    graphql_type=SignUpResult,
    description="Sign up in the app, from 15 on. The answer is the same for an address that is known already.",
)
async def sign_up_mutation(info: Info, input: SignUpInput, idempotency_key: UUID) -> object:
    runtime, now = info.context.runtime, info.context.now
    form = AppForm.parse(
        email=input.email,
        password=input.password,
        first_name=input.first_name,
        last_name=input.last_name,
        birth_date=input.birth_date,
        postal_code=input.postal_code,
        now=now,
    )
    if isinstance(form, Refusal):
        return answer(form)
    password_hash = await runtime.credentials.hash_for(idempotency_key, input.password)
    request = {"form": form, "password": runtime.digest("idempotency", input.password).hex()}
    done = await once(
        info,
        "signUp",
        idempotency_key,
        request,
        lambda connection: sign_up(connection, form, password_hash, now, runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else SignedUp(person=_as_typed(form, done["person_id"]))


def _as_typed(form: AppForm, person_id: str) -> Person:
    """Made from the form alone: what is in the database must not shine through."""
    return Person(
        id=strawberry.ID(person_id),
        email=form.email,
        first_name=form.first_name,
        last_name=form.last_name,
        birth_date=form.birth_date,
        phone=None,
        department_code=department_of(form.postal_code),
        roles=[],
        is_active=True,
        email_confirmed=False,
    )
