"""`signUp`"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.departments import department_of
from chassis.graphql import Info, answer, count_place, once_each, result_union, spend
from chassis.graphql.once import Identified
from chassis.refusals import Refusal
from identity.api.graphql.types import Person
from identity.credentials import is_leaked
from identity.domain.refusals import BreachedPassword
from identity.domain.sign_up_form import Applicant
from identity.persistence.records import PersonRecord
from identity.usecases.sign_up import AppForm, SignUp, SignUpRefusal, sign_up

Work = Callable[[AsyncConnection, str], Awaitable[Sequence[Identified] | Refusal]]


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


SignUpResult = result_union("SignUpResult", SignedUp, SignUpRefusal, BreachedPassword)


@strawberry.mutation(
    graphql_type=SignUpResult,
    description="Sign up in the app, from 15 on. The answer is the same for an address that is known already.",
)
async def sign_up_mutation(info: Info, input: SignUpInput, idempotency_key: UUID) -> object:
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
    form = AppForm.parse(applicant, input.birth_date, input.postal_code, now)
    if isinstance(form, Refusal):
        return answer(form)

    async def work(connection: AsyncConnection, password_hash: str) -> list[SignUp]:
        wall_now = runtime.clock.now()
        return [await sign_up(connection, form, password_hash, now, wall_now, runtime.sealer, runtime.mails)]

    done = await sign_up_once(info, "signUp", idempotency_key, form, input.password, work)
    if isinstance(done, Refusal):
        return answer(done)
    return SignedUp(person=Person.of(_as_typed(form, done[0], now), is_typed=True))


async def sign_up_once(
    info: Info, operation: str, key: UUID, form: object, password: str, work: Work
) -> list[UUID] | Refusal:
    """As `once_each`, for a use case that is given the password's hash, which is costly, and made before.

    Raises ApiError TOO_MANY_REQUESTS.
    """
    runtime = info.context.runtime
    await count_place(
        info,
        "sign-up",
        runtime.settings.sign_ups_per_place_per_minute,
        "Trop d’inscriptions : réessayez dans une minute.",
    )
    if await is_leaked(password, runtime.leaks):
        return BreachedPassword()
    password_hash = await runtime.credentials.hash_for(key, password)
    request = {"form": form, "password": password}
    return await once_each(info, operation, key, request, lambda connection: work(connection, password_hash))


def _as_typed(form: AppForm, person_id: UUID, now: datetime) -> PersonRecord:
    """Made from the form alone: what is in the database must not shine through."""
    return PersonRecord(
        id=person_id,
        email=form.applicant.email,
        password_hash="",
        first_name=form.applicant.first_name,
        last_name=form.applicant.last_name,
        birth_date=form.birth_date,
        department_code=department_of(form.postal_code),
        created_at=now,
    )
