"""What identity and booking published, as far as the catalogue keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.persistence.records import BookedOffer, StructureRecord
from catalog.persistence.tables import among, booked_offers, offers, stocks, structures
from chassis.copies import keep_newer
from chassis.kept import Kept
from chassis.records import parameters

_STRUCTURES = Kept(structures, StructureRecord)
_BEGIN = _STRUCTURES.insert.on_conflict_do_nothing()
_FIND = _STRUCTURES.select.where(structures.c.id == sa.bindparam("structure"))
_LOCK = _FIND.with_for_update()
_SHARE = _FIND.with_for_update(read=True)
_KEEP = keep_newer(structures).returning(structures.c.id)
_KEEP_AVAILABILITY = (
    sa.update(stocks)
    .where(stocks.c.id == sa.bindparam("stock"), stocks.c.availability_version < sa.bindparam("its_version"))
    .values(booked=sa.bindparam("now_booked"), availability_version=sa.bindparam("its_version"))
)
_KEEP_BOOKED = pg.insert(booked_offers).on_conflict_do_nothing()
_BY_PERSON = booked_offers.c.person_id == sa.bindparam("person")
_BOOKED = sa.select(booked_offers.c.offer_id).where(_BY_PERSON, among(booked_offers.c.offer_id, "ids"))
_BOOKED_VENUES = (
    sa.select(booked_offers.c.venue_id)
    .where(_BY_PERSON, among(booked_offers.c.venue_id, "ids"))
    .union(
        # Where the offer is now, should it have moved.
        sa.select(offers.c.venue_id)
        .join_from(booked_offers, offers, booked_offers.c.offer_id == offers.c.id)
        .where(_BY_PERSON, among(offers.c.venue_id, "ids"))
    )
)

PersonAnd = tuple[UUID, UUID]
"""The id of a person, and that of an offer or a venue."""


@dataclass(frozen=True, slots=True)
class Availability:
    """How many places of the stock `id` are booked, as booking published it."""

    id: UUID
    version: int
    booked: int


async def find_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    return await _STRUCTURES.one(connection, _FIND, structure=structure_id)


async def lock_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, locked until the end of the transaction."""
    return await _STRUCTURES.one(connection, _LOCK, structure=structure_id)


async def share_structure(connection: AsyncConnection, structure_id: UUID) -> StructureRecord | None:
    """As `find_structure`, held as it is until the end of the transaction."""
    return await _STRUCTURES.one(connection, _SHARE, structure=structure_id)


async def begin_structure(connection: AsyncConnection, structure_id: UUID) -> None:
    """Note a structure whose event has not come yet: pending, everything else unknown."""
    pending = StructureRecord(structure_id, 0, None, None, StructureStatus.PENDING.value, may_edit=True)
    await _STRUCTURES.add(connection, pending, _BEGIN)


async def keep_structure(connection: AsyncConnection, structure: StructureRecord) -> bool:
    """Insert, or update where the stored version is lower; whether anything was written."""
    return (await connection.execute(_KEEP, parameters(structure))).one_or_none() is not None


async def keep_availabilities(connection: AsyncConnection, availabilities: Sequence[Availability]) -> None:
    """Note what is booked where the stored version is lower; stocks that are not here are passed over."""
    parameters = [
        {"stock": each.id, "its_version": each.version, "now_booked": each.booked} for each in availabilities
    ]
    await connection.execute(_KEEP_AVAILABILITY, parameters)


async def keep_booked_offers(connection: AsyncConnection, booked: Sequence[BookedOffer]) -> None:
    """Note who has booked what; nothing ever unmakes it."""
    await connection.execute(_KEEP_BOOKED, [parameters(each) for each in booked])


async def booked_by(connection: AsyncConnection, wanted: Sequence[PersonAnd]) -> dict[PersonAnd, bool]:
    """Of these people and offers, those where the one has booked the other."""
    return await _booked(connection, _BOOKED, wanted)


async def venues_booked_by(connection: AsyncConnection, wanted: Sequence[PersonAnd]) -> dict[PersonAnd, bool]:
    """Of these people and venues, those where the one has booked an offer of the other, then or now."""
    return await _booked(connection, _BOOKED_VENUES, wanted)


async def _booked(
    connection: AsyncConnection, statement: sa.Executable, wanted: Sequence[PersonAnd]
) -> dict[PersonAnd, bool]:
    found: dict[PersonAnd, bool] = {}
    for person in sorted({person for person, _ in wanted}):
        ids = [id_ for asker, id_ in wanted if asker == person]
        booked = await connection.execute(statement, {"person": person, "ids": ids})
        found |= {(person, UUID(int=id_.int)): True for (id_,) in booked}
    return found
