"""Structures: whom transfers name, and who may enter bank details."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Message, Subscription
from chassis.copies import newest
from finance.domain.structures import enters_bank_details
from finance.persistence import copies
from finance.persistence.records import StructureCopy


class StructureMessage(Message):
    siren: str
    name: str
    status: str
    abilities: frozenset[str] | None = None


async def keep(connection: AsyncConnection, messages: Sequence[StructureMessage]) -> None:
    await copies.keep_structures(connection, [_copy(message) for message in newest(messages)])


def _copy(message: StructureMessage) -> StructureCopy:
    return StructureCopy(
        id=message.id,
        version=message.version,
        siren=message.siren,
        name=message.name,
        status=message.status,
        may_enter_bank_details=enters_bank_details(message.abilities, message.status),
    )


SUBSCRIPTION: Final = Subscription("identity.structure.v1", StructureMessage, keep)
