"""Statements on technical partners."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.cursors import Window
from chassis.kept import Aggregates
from chassis.keyset import Order, windowed
from identity.persistence.records import ProviderRecord
from identity.persistence.tables import providers

_PROVIDERS = Aggregates(providers, ProviderRecord)
by_ids = _PROVIDERS.by_ids

_ADD = _PROVIDERS.insert.on_conflict_do_nothing(index_elements=[providers.c.name_key])


async def add(connection: AsyncConnection, provider: ProviderRecord) -> bool:
    """False when another has this name; of two at once one is written."""
    return await _PROVIDERS.add(connection, provider, _ADD)


async def page(connection: AsyncConnection, window: Window) -> Sequence[ProviderRecord]:
    """Technical partners, newest first."""
    statement = windowed(_PROVIDERS.select, window, Order(providers.c.id, descending=True))
    return await _PROVIDERS.all(connection, statement)
