"""`confirmEmail`"""

import strawberry

from chassis.graphql import Info, answer, count_try, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.types import Person
from identity.domain.refusals import InvalidCredentials
from identity.usecases.confirm_email import ConfirmEmailRefusal, confirm_email, form_of_link


@strawberry.type(description="The address is confirmed: its owner may sign in.")
class EmailConfirmed:
    person: Person


ConfirmEmailResult = result_union("ConfirmEmailResult", EmailConfirmed, ConfirmEmailRefusal)


@strawberry.mutation(
    graphql_type=ConfirmEmailResult,
    description=(
        "Confirm an e-mail address with the token of the mailed link, which is good once, and the password of the "
        "form that it came from: 30 minutes for the app, 90 days for a pro."
    ),
)
async def confirm_email_mutation(info: Info, token: str, password: str) -> object:
    spend(info)
    runtime, now, wall_now = info.context.runtime, info.context.now, info.context.runtime.clock.now()
    async with info.context.db.read() as connection:
        form = await form_of_link(connection, token, wall_now)
    if isinstance(form, Refusal):
        return answer(form)
    await count_try(info, f"confirm:{form.id.hex}", runtime.settings.sign_in_attempts_per_minute)
    if not await runtime.credentials.matches(password, form.password_hash):
        return answer(InvalidCredentials())
    person = await info.context.db.run(
        lambda connection: confirm_email(connection, token, wall_now, now, runtime.sealer)
    )
    if isinstance(person, Refusal):
        return answer(person)
    return EmailConfirmed(person=Person.of(person, is_proven=True))
