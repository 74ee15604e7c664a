"""The secret of somebody's codes, sealed with the context's key ring and bound to the person it is of."""

from typing import Final
from uuid import UUID

from chassis.sealed import SealBroken, Sealer
from chassis.telemetry import log

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
