"""`confirmEmail`"""

import strawberry

from chassis.graphql import Info, answer, result_union
from chassis.refusals import Refusal
from identity.api.graphql.types import Person
from identity.usecases.confirm_email import ConfirmEmailRefusal, confirm_email


@strawberry.type(description="The address is confirmed: its owner may sign in.")
class EmailConfirmed:
    person: Person


ConfirmEmailResult = result_union("ConfirmEmailResult", EmailConfirmed, ConfirmEmailRefusal)


@strawberry.mutation(
    graphql_type=ConfirmEmailResult,
    description="Confirm an e-mail address with the token of the mailed link, which is good once, for 24 hours.",
)
async def confirm_email_mutation(info: Info, token: str) -> object:
    runtime, now = info.context.runtime, info.context.now
    person = await info.context.db.run(
        lambda connection: confirm_email(connection, token, runtime.clock.now(), now, runtime.sealer)
    )
    return answer(person) if isinstance(person, Refusal) else EmailConfirmed(person=Person.of(person))
