"""`changePassword`"""

from uuid import UUID

import strawberry

from chassis.auth import InvalidToken
from chassis.graphql import Info, answer, count_try, done_before, once, result_union, spend
from chassis.refusals import Refusal
from identity.api.graphql.access import acting
from identity.api.graphql.loaders import load_person, written_person
from identity.api.graphql.types import Person
from identity.credentials import is_leaked
from identity.domain.passwords import check_change
from identity.domain.refusals import PasswordNotChanged
from identity.persistence import sessions
from identity.usecases.change_password import ChangePasswordRefusal, change_password


@strawberry.type(description="The new password is the only one; of one's sessions, only this one is left.")
class PasswordChanged:
    person: Person


ChangePasswordResult = result_union(
    "ChangePasswordResult", PasswordChanged, PasswordNotChanged, ChangePasswordRefusal
)


@strawberry.mutation(
    graphql_type=ChangePasswordResult,
    description="Change one's own password by the old one. Whatever is wrong with the form is told at once.",
)
async def change_password_mutation(
    info: Info, old_password: str, new_password: str, new_password_confirmation: str, idempotency_key: UUID
) -> object:
    principal = await acting(info)
    spend(info)
    runtime, wall_now = info.context.runtime, info.context.runtime.clock.now()
    request = {"old": old_password, "new": new_password}
    if await done_before(info, "changePassword", idempotency_key, request):
        return PasswordChanged(person=Person.of(await written_person(info, principal.person_id)))
    known = await load_person(info, principal.person_id)
    if known is None:
        raise InvalidToken
    bucket = f"change-password:{known.id.hex}"
    await count_try(info, bucket, runtime.settings.sign_in_attempts_per_minute)
    wrong = check_change(
        old_password,
        new_password,
        new_password_confirmation,
        info.context.now,
        old_matches=await runtime.credentials.matches(old_password, known.password_hash),
        is_leaked=await is_leaked(new_password, runtime.leaks),
    )
    if wrong is not None:
        return answer(wrong)
    password_hash = await runtime.credentials.hash_for(idempotency_key, new_password)
    changed = await once(
        info,
        "changePassword",
        idempotency_key,
        request,
        lambda connection: change_password(
            connection, known, password_hash, principal.session_id, wall_now, runtime.sealer
        ),
    )
    if isinstance(changed, Refusal):
        return answer(changed)
    async with info.context.db.read() as connection:
        await sessions.forgive(connection, bucket)
    return PasswordChanged(person=Person.of(await written_person(info, principal.person_id)))
