"""The transfer order of a batch: one transfer per distinct account, made once everything is settled."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.bank_details import BankDetails
from finance.domain.transfers import Due, by_account
from finance.files import sepa
from finance.files.sepa import Address, Debtor, InvalidTransferOrder, Transfer, TransferOrder
from finance.persistence import batches, ledger
from finance.persistence.records import BatchRecord, Payable, PostalAddress, SepaFileRecord


async def order_transfers(connection: AsyncConnection, batch: BatchRecord, *, debtor: Debtor) -> BatchRecord:
    """Write the order for the cashflows of the batch, if any; the batch with what it came to.

    The same cashflows give the same bytes. Raises InvalidTransferOrder when file and ledger differ.
    """
    payables = await batches.payables(connection, batch.id)
    shared = _end_to_end_ids(payables)
    await batches.share_transfers(
        connection,
        {
            payable.id: shared[_details(payable)]
            for payable in payables
            if payable.end_to_end_id != shared[_details(payable)]
        },
    )
    transfers = _transfers(payables, shared, await batches.addresses(connection), batch.transfer_label)
    if transfers:
        order = await asyncio.to_thread(
            sepa.write,
            transfers,
            debtor,
            batch_number=batch.number,
            created_at=batch.closed_at,
            execution_date=batch.execution_date,
        )
        await _keep_order(connection, batch.id, order)
    return await batches.total(
        connection,
        batch.id,
        total_cents=sum(payable.amount_cents for payable in payables),
        transfers=len(transfers),
        at=batch.closed_at,
    )


def _details(payable: Payable) -> BankDetails:
    return BankDetails(payable.iban, payable.bic)


def _end_to_end_ids(payables: Sequence[Payable]) -> dict[BankDetails, str]:
    """Structures that share an account share the transfer: it has the least of their ids."""
    shared: dict[BankDetails, str] = {}
    for payable in payables:
        details = _details(payable)
        shared[details] = min(shared.get(details, payable.id.hex), payable.id.hex)
    return shared


def _transfers(
    payables: Sequence[Payable],
    end_to_end_ids: Mapping[BankDetails, str],
    addresses: Mapping[UUID, PostalAddress],
    label: str,
) -> list[Transfer]:
    """One transfer per distinct account, with the address of the first structure paid on it."""
    places: dict[BankDetails, Address] = {}
    for payable in payables:
        if (where := addresses.get(payable.structure_id)) is not None:
            places.setdefault(
                _details(payable), Address.from_lines(where.street, where.postal_code, where.city, "FR")
            )
    return [
        Transfer(
            details=due.details,
            amount_cents=due.amount_cents,
            name=due.recipient_name,
            siren=due.siren,
            label=due.label,
            end_to_end_id=end_to_end_ids[due.details],
            address=places.get(due.details),
        )
        for due in by_account(
            Due(_details(each), each.amount_cents, each.recipient_name, each.recipient_siren, label)
            for each in payables
        )
    ]


async def _keep_order(connection: AsyncConnection, batch_id: UUID, order: TransferOrder) -> None:
    if order.control_sum_cents != await ledger.paid_out_cents(connection, batch_id):
        raise InvalidTransferOrder("the order does not add up to the ledger")
    file = SepaFileRecord(
        batch_id=batch_id,
        name=order.name,
        sha256=order.sha256,
        content=order.content.decode(),
        transaction_count=order.transaction_count,
        control_sum_cents=order.control_sum_cents,
    )
    await batches.add_file(connection, file)
