"""Structures: whom transfers name."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Message, Subscription
from chassis.copies import newest
from finance.persistence import copies
from finance.persistence.records import StructureCopy


class StructureMessage(Message):
    siren: str
    name: str
    status: str


async def keep(connection: AsyncConnection, messages: Sequence[StructureMessage]) -> None:
    await copies.keep_structures(connection, [StructureCopy(**dict(message)) for message in newest(messages)])


SUBSCRIPTION: Final = Subscription("identity.structure.v1", StructureMessage, keep)
