"""Batching per request: the reimbursements of ten bookings are read together."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from chassis.graphql import Info
from finance.persistence import bank_accounts, queries
from finance.persistence.rows import AnyRow

T = TypeVar("T")


def _loader(info: Info, name: str, make: Callable[[], DataLoader[UUID, T]]) -> DataLoader[UUID, T]:
    loaders = info.context.loaders
    if name not in loaders:
        loaders[name] = make()
    loader: DataLoader[UUID, T] = loaders[name]
    return loader


async def load_reimbursement(info: Info, booking_id: UUID) -> AnyRow | None:
    """The pricing of a booking that holds, whoever's it is."""

    async def load(ids: list[UUID]) -> list[AnyRow | None]:
        async with info.context.db.read() as connection:
            rows = await queries.reimbursements_of_bookings(connection, ids)
        by_booking = {row.booking_id: row for row in rows}
        return [by_booking.get(id_) for id_ in ids]

    found: AnyRow | None = await _loader(info, "reimbursements", lambda: DataLoader(load)).load(booking_id)
    return found


async def load_bank_account(info: Info, account_id: UUID) -> AnyRow:
    """An account that exists, whoever's it is."""
    async with info.context.db.read() as connection:
        row = await bank_accounts.find(connection, account_id)
    assert row is not None
    return row
