"""Reading what is left of a person's credit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.wallet import Envelope, Wallet
from booking.persistence.tables import wallets

_OF_PERSON = (
    sa.select(wallets)
    .where(wallets.c.person_id == sa.bindparam("of_person"))
    .order_by(wallets.c.granted_at, wallets.c.id)
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant with what was spent of it."""

    kind: str
    granted_at: datetime
    envelope: Envelope


async def of_person(connection: AsyncConnection, person_id: UUID) -> tuple[Wallet, list[Grant]]:
    """The wallet as the rules see it, and its grants, oldest first."""
    grants = [
        Grant(
            row.kind,
            row.granted_at,
            Envelope(
                id=str(row.id),
                granted_cents=row.amount_cents,
                expires_at=row.expires_at,
                digital_cap_cents=row.digital_cap_cents,
                physical_cap_cents=row.physical_cap_cents,
                spent_cents=row.spent_cents,
                digital_spent_cents=row.digital_spent_cents,
                physical_spent_cents=row.physical_spent_cents,
            ),
        )
        for row in await connection.execute(_OF_PERSON, {"of_person": person_id})
    ]
    return Wallet(tuple(grant.envelope for grant in grants)), grants
