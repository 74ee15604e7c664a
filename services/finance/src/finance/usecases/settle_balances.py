"""Paying what waits: one cashflow per accepted account, one transfer order for the bank."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.ids import new_id
from finance.domain import ledger as ledger_rules
from finance.domain.bank_details import BankDetails
from finance.domain.cashflows import Outcome, outcome
from finance.domain.transfers import Due, by_account
from finance.files import sepa
from finance.files.sepa import Address, Debtor, InvalidTransferOrder, Transfer, TransferOrder
from finance.persistence import batches, ledger, pricings
from finance.persistence.ledger import Posting
from finance.persistence.records import (
    Balance,
    BatchRecord,
    CashflowRecord,
    DebitNoteRecord,
    PostalAddress,
    SepaFileRecord,
)


@dataclass(frozen=True, slots=True, repr=False)
class _Cashflow:
    """A cashflow to be: what one structure is paid on its account."""

    id: UUID
    structure_id: UUID
    bank_account_id: UUID
    due: Due


async def settle_balances(connection: AsyncConnection, batch: BatchRecord, *, debtor: Debtor) -> BatchRecord:
    """Settle every balance due at the batch's cutoff; the batch with what it came to.

    Raises InvalidTransferOrder when file and ledger differ.
    """
    balances = await pricings.balances(connection, batch.cutoff)
    cashflows, debit_notes, nothing_to_pay = _decide(balances, batch)
    transfers = _transfers(cashflows, await batches.addresses(connection))
    end_to_end_ids = {transfer.details: transfer.end_to_end_id for transfer in transfers}
    await batches.add_cashflows(
        connection,
        [
            CashflowRecord(
                id=cashflow.id,
                batch_id=batch.id,
                structure_id=cashflow.structure_id,
                bank_account_id=cashflow.bank_account_id,
                amount_cents=cashflow.due.amount_cents,
                end_to_end_id=end_to_end_ids[cashflow.due.details],
                recipient_name=cashflow.due.recipient_name,
                recipient_siren=cashflow.due.siren,
            )
            for cashflow in cashflows
        ],
    )
    await batches.add_debit_notes(connection, debit_notes)
    await pricings.process(
        connection,
        [(cashflow.structure_id, cashflow.id) for cashflow in cashflows]
        + [(note.structure_id, None) for note in debit_notes]
        + [(structure_id, None) for structure_id in nothing_to_pay],
        batch_id=batch.id,
        cutoff=batch.cutoff,
        at=batch.closed_at,
    )
    await ledger.post(
        connection,
        [
            Posting(ledger_rules.cashflow(cashflow.due.amount_cents), cashflow.id, cashflow.structure_id)
            for cashflow in cashflows
        ]
        + [
            Posting(ledger_rules.debit_note(note.amount_cents), note.id, note.structure_id)
            for note in debit_notes
        ],
        batch_id=batch.id,
        at=batch.closed_at,
    )
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
        total_cents=sum(cashflow.due.amount_cents for cashflow in cashflows),
        transfers=len(transfers),
    )


def _decide(
    balances: Sequence[Balance], batch: BatchRecord
) -> tuple[list[_Cashflow], list[DebitNoteRecord], list[UUID]]:
    """Cashflows to make, debts to claim, and structures settled without either. Younger debts wait."""
    cashflows, debit_notes, nothing_to_pay = [], [], []
    for balance in balances:
        result = outcome(balance.total_cents, balance.last_cashflow_at, batch.cutoff)
        if result is Outcome.CASHFLOW:
            details = BankDetails(balance.iban, balance.bic)
            due = Due(details, balance.total_cents, balance.name, balance.siren, batch.transfer_label)
            cashflows.append(_Cashflow(new_id(), balance.structure_id, balance.bank_account_id, due))
        elif result is Outcome.DEBIT_NOTE:
            debit_notes.append(
                DebitNoteRecord(
                    id=new_id(),
                    batch_id=batch.id,
                    structure_id=balance.structure_id,
                    bank_account_id=balance.bank_account_id,
                    amount_cents=-balance.total_cents,
                )
            )
        elif result is Outcome.NOTHING_TO_PAY:
            nothing_to_pay.append(balance.structure_id)
    return cashflows, debit_notes, nothing_to_pay


def _transfers(cashflows: Sequence[_Cashflow], addresses: Mapping[UUID, PostalAddress]) -> list[Transfer]:
    """One transfer per distinct account, with the address of the first structure paid on it."""
    places: dict[BankDetails, Address] = {}
    for cashflow in cashflows:
        if (where := addresses.get(cashflow.structure_id)) is not None:
            places.setdefault(
                cashflow.due.details, Address.from_lines(where.street, where.postal_code, where.city, "FR")
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
    file = SepaFileRecord(
        batch_id=batch_id,
        name=order.name,
        sha256=order.sha256,
        content=order.content.decode(),
        transaction_count=order.transaction_count,
        control_sum_cents=order.control_sum_cents,
    )
    await batches.add_file(connection, file)
