"""Paying what waits: one cashflow per accepted account, one transfer order for the bank."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from finance.domain import ledger as entries
from finance.domain.bank_details import BankDetails
from finance.domain.cashflows import Outcome, outcome
from finance.domain.transfers import Due, by_account
from finance.files import sepa
from finance.files.sepa import Address, Debtor, InvalidTransferOrder, Transfer, TransferOrder
from finance.persistence import batches, ledger, pricings
from finance.persistence.ledger import Posting
from finance.persistence.rows import AnyRow


@dataclass(frozen=True, slots=True)
class _Cashflow:
    """A cashflow to be: what one structure is paid on its account."""

    id: UUID
    structure_id: UUID
    bank_account_id: UUID
    due: Due


async def settle_balances(
    connection: AsyncConnection,
    batch_id: UUID,
    *,
    number: int,
    cutoff: datetime,
    at: datetime,
    label: str,
    execution_date: date,
    debtor: Debtor,
) -> None:
    """Settle every balance due at the cutoff. Raises InvalidTransferOrder when file and ledger differ."""
    cashflows, nothing_to_pay = _decide(await pricings.balances(connection, cutoff), cutoff, label)
    transfers = _transfers(cashflows, await batches.addresses(connection))
    end_to_end_ids = {transfer.details: transfer.end_to_end_id for transfer in transfers}
    await batches.add_cashflows(
        connection,
        [
            {
                "id": cashflow.id,
                "batch_id": batch_id,
                "structure_id": cashflow.structure_id,
                "bank_account_id": cashflow.bank_account_id,
                "amount_cents": cashflow.due.amount_cents,
                "end_to_end_id": end_to_end_ids[cashflow.due.details],
                "recipient_name": cashflow.due.recipient_name,
                "recipient_siren": cashflow.due.siren,
            }
            for cashflow in cashflows
        ],
    )
    await pricings.process(
        connection,
        [(cashflow.structure_id, cashflow.id) for cashflow in cashflows]
        + [(structure_id, None) for structure_id in nothing_to_pay],
        batch_id=batch_id,
        cutoff=cutoff,
        at=at,
    )
    await ledger.post(
        connection,
        [
            Posting(entries.cashflow(cashflow.due.amount_cents), cashflow.id, cashflow.structure_id)
            for cashflow in cashflows
        ],
        batch_id=batch_id,
        at=at,
    )
    if transfers:
        order = await asyncio.to_thread(
            sepa.write,
            transfers,
            debtor,
            batch_number=number,
            created_at=at,
            execution_date=execution_date,
        )
        await _keep_order(connection, batch_id, order)
    await batches.total(
        connection,
        batch_id,
        total_cents=sum(cashflow.due.amount_cents for cashflow in cashflows),
        transfers=len(transfers),
    )


def _decide(balances: Sequence[AnyRow], cutoff: datetime, label: str) -> tuple[list[_Cashflow], list[UUID]]:
    """Cashflows to make, and structures whose pricings are settled without one. Debts wait."""
    cashflows, nothing_to_pay = [], []
    for row in balances:
        result = outcome(int(row.total_cents), row.oldest_debt, cutoff)
        if result is Outcome.CASHFLOW:
            details = BankDetails(row.iban, row.bic)
            due = Due(details, int(row.total_cents), row.name, row.siren, label)
            cashflows.append(_Cashflow(new_id(), row.structure_id, row.bank_account_id, due))
        elif result is Outcome.NOTHING_TO_PAY:
            nothing_to_pay.append(row.structure_id)
    return cashflows, nothing_to_pay


def _transfers(cashflows: Sequence[_Cashflow], addresses: dict[UUID, AnyRow]) -> list[Transfer]:
    """One transfer per distinct account, with the address of the first structure paid on it."""
    places: dict[BankDetails, Address] = {}
    for cashflow in cashflows:
        if (row := addresses.get(cashflow.structure_id)) is not None:
            places.setdefault(
                cashflow.due.details, Address.from_lines(row.street, row.postal_code, row.city, "FR")
            )
    return [
        Transfer(
            details=due.details,
            amount_cents=due.amount_cents,
            name=due.recipient_name,
            siren=due.siren,
            label=due.label,
            end_to_end_id=new_id().hex,
            address=places.get(due.details),
        )
        for due in by_account(cashflow.due for cashflow in cashflows)
    ]


async def _keep_order(connection: AsyncConnection, batch_id: UUID, order: TransferOrder) -> None:
    if order.control_sum_cents != await ledger.paid_out_cents(connection, batch_id):
        raise InvalidTransferOrder("the order does not add up to the ledger")
    await batches.add_file(
        connection,
        {
            "batch_id": batch_id,
            "name": order.name,
            "sha256": order.sha256,
            "content": order.content.decode(),
            "transaction_count": order.transaction_count,
            "control_sum_cents": order.control_sum_cents,
        },
    )
