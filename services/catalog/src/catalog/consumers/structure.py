"""`identity.structure.v1`: a structure is noted, has its virtual venue, and lends its status to its venues."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from catalog.domain.facts import StructureStatus
from catalog.domain.structures import edits_catalog
from catalog.persistence.records import StructureRecord
from catalog.usecases.follow_structure import follow_structure
from chassis.clock import Clock
from chassis.consumer import Message, Subscription
from chassis.copies import newest
from chassis.sealed import Sealer

STRUCTURE_TOPIC = "identity.structure.v1"


class StructureMessage(Message):
    siren: str = Field(pattern=r"^(\d{9}|NC\d{7})$")
    name: str | None = None
    status: Literal["pending", "validated", "rejected", "closed"]
    abilities: frozenset[str] | None = None


def structures(sealer: Sealer, clock: Clock) -> Subscription[StructureMessage]:
    async def apply(connection: AsyncConnection, messages: Sequence[StructureMessage]) -> None:
        for message in newest(messages):
            structure = StructureRecord(
                id=message.id,
                version=message.version,
                siren=message.siren,
                name=message.name,
                status=message.status,
                may_edit=edits_catalog(message.abilities, StructureStatus(message.status)),
            )
            await follow_structure(connection, structure, now=clock.now(), sealer=sealer)

    return Subscription(STRUCTURE_TOPIC, StructureMessage, apply)
