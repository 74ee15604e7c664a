"""Sign in with an e-mail address and a password: everybody but the team, who have a door of their own."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.refusals import Refusal
from identity.runtime import IdentityRuntime
from identity.usecases.ask_about_sign_in import ask_about_sign_in
from identity.usecases.open_session import OpenedSession, open_session
from identity.usecases.prove_password import ProvePasswordRefusal, know_place, prove_password, still_proved


async def sign_in(
    runtime: IdentityRuntime, email: str, password: str, client_address: str, device_id: UUID | None = None
) -> OpenedSession | ProvePasswordRefusal:
    """A session, or why not; by a device that is new the owner is asked by mail whether it was them.

    Raises TooManyAttempts, whatever the password was.
    """
    proved = await prove_password(runtime, email, password, client_address)
    if isinstance(proved, Refusal):
        return proved

    async def work(connection: AsyncConnection) -> OpenedSession | ProvePasswordRefusal:
        person = await still_proved(connection, proved)
        if isinstance(person, Refusal):
            return person
        await ask_about_sign_in(connection, runtime, person, device_id, client_address)
        await know_place(connection, runtime, person.id, client_address)
        return await open_session(connection, person, runtime.access_tokens, runtime.clock.now())

    return await runtime.database.run(work)
