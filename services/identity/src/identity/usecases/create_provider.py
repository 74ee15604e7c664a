"""Make a technical partner known: software that will ask the platform in the place of a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from chassis.text import name_key
from identity.domain.contact import parse_name
from identity.domain.refusals import InvalidName, ProviderNameTaken
from identity.persistence import providers
from identity.persistence.records import ProviderRecord

CreateProviderRefusal = InvalidName | ProviderNameTaken


async def create_provider(
    connection: AsyncConnection, name: str, creator_id: UUID, now: datetime
) -> ProviderRecord | CreateProviderRefusal:
    """The partner (domain.md §1, *fournisseur*); venues tell partners apart by their names, so no two share one."""
    checked = parse_name(name, "providerName")
    if isinstance(checked, InvalidName):
        return checked
    provider = ProviderRecord(
        id=new_id(), name=checked, name_key=name_key(checked), created_by=creator_id, created_at=now
    )
    return provider if await providers.add(connection, provider) else ProviderNameTaken()
