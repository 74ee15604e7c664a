"""What happens to wallets when identity gives, tops up, prolongs or replaces credits."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from booking.persistence import wallets
from booking.persistence.copies import newest


async def follow_grants(connection: AsyncConnection, grants: Sequence[Mapping[str, Any]]) -> None:
    """Store grants as told; what was left of a replaced one moves into its successor, once both are known.

    Nothing happens for a version that is known already, or older than the one that is.
    """
    if states := newest(grants):
        await wallets.put(connection, states)
        await wallets.settle(connection, {state["person_id"] for state in states})
