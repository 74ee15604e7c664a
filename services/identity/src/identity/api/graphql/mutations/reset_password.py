"""`resetPassword`"""

from uuid import UUID

import strawberry

from chassis.graphql import Info, answer, count_place, once, result_union, spend
from chassis.refusals import Refusal
from identity.credentials import is_leaked
from identity.domain.passwords import check_password
from identity.domain.refusals import BreachedPassword, WeakPassword
from identity.usecases.reset_password import ResetPasswordRefusal, reset_password


@strawberry.type(description="The new password is the only one, and no session is left: sign in with it.")
class PasswordReset:
    done: bool = strawberry.field(description="Always true.")


ResetPasswordResult = result_union(
    "ResetPasswordResult", PasswordReset, ResetPasswordRefusal, WeakPassword, BreachedPassword
)


@strawberry.mutation(
    graphql_type=ResetPasswordResult,
    description="Replace a forgotten password with the token of the mailed link, which is good once within 24 hours.",
)
async def reset_password_mutation(info: Info, token: str, new_password: str, idempotency_key: UUID) -> object:
    spend(info)
    runtime, now, wall_now = info.context.runtime, info.context.now, info.context.runtime.clock.now()
    if (weak := check_password(new_password, now)) is not None:
        return answer(weak)
    if await is_leaked(new_password, runtime.leaks):
        return answer(BreachedPassword())
    await count_place(info, "new-password", runtime.settings.sign_in_attempts_per_place_per_minute)
    password_hash = await runtime.credentials.hash_for(idempotency_key, new_password)
    done = await once(
        info,
        "resetPassword",
        idempotency_key,
        {"token": token, "password": new_password},
        lambda connection: reset_password(connection, token, password_hash, wall_now, runtime.sealer),
    )
    return answer(done) if isinstance(done, Refusal) else PasswordReset(done=True)
