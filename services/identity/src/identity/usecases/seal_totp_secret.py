"""The secret of somebody's codes, sealed with the context's key ring and bound to the person it is of."""

from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.sealed import SealBroken, Sealer
from chassis.telemetry import log
from identity.one_time_codes import matching_step

_PLACE: Final = "identity.totp"


def seal_totp_secret(sealer: Sealer, person_id: UUID, secret: str) -> str:
    return sealer.seal({"secret": secret}, (_PLACE, person_id))


def open_totp_secret(sealer: Sealer, person_id: UUID, sealed: str) -> str | None:
    """None when no key of the ring opens it: a key was taken away before `reseal-factors`, or the row is another's."""
    try:
        opened: str = sealer.open(sealed, (_PLACE, person_id))["secret"]
    except SealBroken:
        log.warning("totp.seal_broken", person=str(person_id))
        return None
    return opened


def step_of_code(sealer: Sealer, person_id: UUID, sealed: str, typed: str, wall_now: datetime) -> int | None:
    """The step of time whose code was typed; None for any other, and where no key opens the secret."""
    secret = open_totp_secret(sealer, person_id, sealed)
    return None if secret is None else matching_step(secret, typed, wall_now)
