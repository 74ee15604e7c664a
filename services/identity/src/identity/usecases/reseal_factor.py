"""Seal the secret of somebody's codes with the newest sealing key."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.sealed import Sealer
from identity.persistence import factors
from identity.usecases.seal_totp_secret import open_totp_secret, seal_totp_secret


async def reseal_factor(connection: AsyncConnection, factor_id: UUID, sealer: Sealer) -> bool:
    """False when no key opens it, or there is nothing to seal."""
    factor = await factors.lock(connection, factor_id)
    if factor is None or factor.sealed_secret is None:
        return False
    secret = open_totp_secret(sealer, factor.person_id, factor.sealed_secret)
    if secret is None:
        return False
    await factors.save(
        connection, replace(factor, sealed_secret=seal_totp_secret(sealer, factor.person_id, secret))
    )
    return True
