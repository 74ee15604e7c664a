"""Ask the owner of an account whether a sign-in by a device that is new was them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from identity.domain.sign_in import is_to_be_asked_about
from identity.persistence import known_devices
from identity.persistence.records import KnownDeviceRecord, PersonRecord
from identity.runtime import IdentityRuntime
from identity.usecases.prove_password import is_known_place


async def ask_about_sign_in(
    connection: AsyncConnection,
    runtime: IdentityRuntime,
    person: PersonRecord,
    device_id: UUID | None,
    client_address: str,
) -> None:
    """Owe the mail if it is to be asked, and know the device from now on. Before the session is there, and the place
    is known.
    """
    wall_now = runtime.clock.now()
    device = runtime.digest("device", f"{person.id}\n{device_id}") if device_id is not None else None
    asks = is_to_be_asked_about(
        has_been_here=await known_devices.has_signed_in(connection, person.id),
        names_device=device is not None,
        knows_device=device is not None and await known_devices.is_known(connection, person.id, device),
        knows_place=await is_known_place(connection, runtime, person.id, client_address),
    )
    if device is not None:
        known = KnownDeviceRecord(person_id=person.id, device=device, last_seen_at=wall_now)
        await known_devices.remember(connection, known)
    if asks:
        payload = {"person_id": str(person.id), "at": wall_now.isoformat()}
        await runtime.mails.owe(connection, person.email, "was_this_you", payload, wall_now)
