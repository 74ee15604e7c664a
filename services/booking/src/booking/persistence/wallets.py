"""What is left of people's credit: grants as identity gives them, and what moves from one to its successor."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from booking.domain.replacement import Credit, spendable_cents
from booking.domain.wallet import Envelope
from booking.persistence.records import CreditRecord, GrantCopy
from booking.persistence.tables import wallets

_PERSONS: sa.BindParameter[Sequence[UUID]] = sa.bindparam("persons", type_=pg.ARRAY(sa.Uuid))

# An advisory lock, because two grants of one person may both be new: there is no row to lock yet.
_ONE_AT_A_TIME = sa.text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person::text, 0)) FROM unnest(:persons) AS person"
).bindparams(_PERSONS)

_INSERT = pg.insert(wallets)
_granted = _INSERT.excluded
_kept_cents = sa.func.greatest(_granted.amount_cents, wallets.c.spent_cents)
# What was spent is ours; a grant that shrinks below it shrinks no further than that.
_KEPT = {
    "amount_cents": _kept_cents,
    "moved_cents": _kept_cents - _granted.amount_cents,
    "digital_cap_cents": sa.case(
        (_granted.digital_cap_cents.is_(None), None),
        else_=sa.func.greatest(_granted.digital_cap_cents, wallets.c.digital_spent_cents),
    ),
    "physical_cap_cents": sa.case(
        (_granted.physical_cap_cents.is_(None), None),
        else_=sa.func.greatest(_granted.physical_cap_cents, wallets.c.physical_spent_cents),
    ),
}
_AS_GRANTED = [field.name for field in fields(GrantCopy) if field.name not in ("id", "person_id")]
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[wallets.c.id],
    set_={**{name: _granted[name] for name in _AS_GRANTED}, **_KEPT},
    where=sa.or_(
        wallets.c.version < _granted.version,
        # Stored before `replaces_id` was read here: republished, the same version brings it.
        sa.and_(
            wallets.c.version == _granted.version,
            wallets.c.replaces_id.is_distinct_from(_granted.replaces_id),
        ),
    ),
)

_LOCKED = (
    sa.select(
        wallets.c.id,
        wallets.c.person_id,
        wallets.c.amount_cents,
        (wallets.c.amount_cents - wallets.c.moved_cents).label("granted_cents"),
        wallets.c.spent_cents,
        wallets.c.granted_at,
        wallets.c.expires_at,
        wallets.c.replaces_id,
    )
    .where(wallets.c.person_id == sa.any_(_PERSONS))
    .order_by(wallets.c.id)
    .with_for_update()
)
_MOVE = (
    sa.update(wallets)
    .where(wallets.c.id == sa.bindparam("of_id"))
    .values(
        amount_cents=sa.bindparam("amount"),
        moved_cents=wallets.c.moved_cents + sa.bindparam("amount") - wallets.c.amount_cents,
    )
)
_OF_PERSONS = (
    sa.select(wallets)
    .where(wallets.c.person_id == sa.any_(_PERSONS))
    .order_by(wallets.c.granted_at, wallets.c.id)
)


async def of_persons(
    connection: AsyncConnection, persons: Sequence[UUID]
) -> dict[UUID, tuple[CreditRecord, ...]]:
    """The credits of each person who was ever granted any, oldest first."""
    credits: defaultdict[UUID, tuple[CreditRecord, ...]] = defaultdict(tuple)
    for row in await connection.execute(_OF_PERSONS, {"persons": list(persons)}):
        envelope = Envelope(
            id=str(row.id),
            granted_cents=row.amount_cents,
            expires_at=row.expires_at,
            digital_cap_cents=row.digital_cap_cents,
            physical_cap_cents=row.physical_cap_cents,
            spent_cents=row.spent_cents,
            digital_spent_cents=row.digital_spent_cents,
            physical_spent_cents=row.physical_spent_cents,
        )
        credits[row.person_id] += (CreditRecord(row.id, row.kind, row.granted_at, envelope),)
    return credits


async def put(connection: AsyncConnection, grants: Sequence[GrantCopy]) -> None:
    """Store grants as identity gives them, one state of each. `settle` must follow in the same transaction.

    The grants of one person are applied one transaction at a time, so that of two that belong together
    the later one always finds the earlier.
    """
    persons = {"persons": sorted({grant.person_id for grant in grants})}
    await connection.execute(_ONE_AT_A_TIME, persons)
    await connection.execute(_LOCKED, persons)
    await connection.execute(_PUT, [asdict(grant) for grant in grants])


async def settle(connection: AsyncConnection, persons: Iterable[UUID]) -> None:
    """Give each wallet of these persons the amount it can pay, see `booking.domain.replacement`.

    To be called whenever a grant was stored, or what is spent of one has shrunk.
    """
    before: dict[UUID, int] = {}
    held: defaultdict[UUID, list[Credit]] = defaultdict(list)
    for row in await connection.execute(_LOCKED, {"persons": sorted(persons)}):
        before[row.id] = row.amount_cents
        held[row.person_id].append(
            Credit(
                id=row.id,
                granted_cents=row.granted_cents,
                spent_cents=row.spent_cents,
                granted_at=row.granted_at,
                expires_at=row.expires_at,
                replaces_id=row.replaces_id,
            )
        )
    moves = [
        {"of_id": id_, "amount": amount}
        for credits in held.values()
        for id_, amount in spendable_cents(credits).items()
        if amount != before[id_]
    ]
    if moves:
        await connection.execute(_MOVE, moves)
