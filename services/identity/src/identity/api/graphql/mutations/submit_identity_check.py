"""`submitIdentityCheck`"""

from datetime import date, timedelta
from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_try, once, result_union
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import written_check, written_person
from identity.api.graphql.types import IdentityCheck, Person
from identity.usecases.submit_identity_check import (
    CheckForm,
    SubmitIdentityCheckRefusal,
    submit_identity_check,
)


@strawberry.input(description="The document, the profile and the honour statement of a file.")
class IdentityCheckInput:
    document_number: str = strawberry.field(description="8 to 12 letters or digits, or 14 with spaces.")
    first_name: str
    last_name: str
    birth_date: date
    city: str
    postal_code: str
    activity: str = strawberry.field(
        description="Collégien, Lycéen, Étudiant, Employé, Apprenti, Alternant, Volontaire, Inactif, Chômeur."
    )
    honour_statement: bool = strawberry.field(description="That all of this is true.")


@strawberry.type(description="The check waits for the team.")
class IdentityCheckSubmitted:
    person: Person
    identity_check: IdentityCheck


SubmitIdentityCheckResult = result_union(
    "SubmitIdentityCheckResult", IdentityCheckSubmitted, SubmitIdentityCheckRefusal
)


@strawberry.mutation(
    graphql_type=SubmitIdentityCheckResult,
    description="Hand in an identity check: 10 an hour. What would not be granted today is refused at once.",
)
async def submit_identity_check_mutation(
    info: Info, input: IdentityCheckInput, idempotency_key: UUID
) -> object:
    principal, runtime, now = await acting(info), info.context.runtime, info.context.now
    form = CheckForm.parse(
        document_number=input.document_number,
        first_name=input.first_name,
        last_name=input.last_name,
        birth_date=input.birth_date,
        city=input.city,
        postal_code=input.postal_code,
        activity=input.activity,
        honour_statement=input.honour_statement,
    )
    if isinstance(form, Refusal):
        return answer(form)
    await count_try(
        info,
        f"identity-check:{principal.person_id.hex}",
        runtime.settings.identity_checks_per_person_per_hour,
        "Trop de dossiers : réessayez dans une heure.",
        window=timedelta(hours=1),
    )
    done = await once(
        info,
        "submitIdentityCheck",
        idempotency_key,
        # The number is short enough to be tried out: it is compared by its keyed digest.
        {"form": form.without_document(), "document": runtime.digest("document", form.document_number).hex()},
        lambda connection: submit_identity_check(connection, principal.person_id, form, now, runtime.digest),
    )
    if isinstance(done, Refusal):
        return answer(done)
    person = await written_person(info, principal.person_id)
    check = await written_check(info, principal.person_id)
    return IdentityCheckSubmitted(person=Person.of(person), identity_check=IdentityCheck.of(check))
