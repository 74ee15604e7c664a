"""What happens to wallets when identity gives, tops up, prolongs or replaces credits."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import wallets
from booking.persistence.records import GrantCopy


async def follow_grants(connection: AsyncConnection, grants: Sequence[GrantCopy]) -> None:
    """Store grants, each once; what was left of a replaced one moves into its successor, once both are known.

    Nothing happens for a version that is known already, or older than the one that is.
    """
    if grants:
        await wallets.put(connection, grants)
        await wallets.settle(connection, {grant.person_id for grant in grants})
