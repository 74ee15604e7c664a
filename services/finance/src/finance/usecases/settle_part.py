"""One part of a close: its structures' bookings priced, what waits for them settled, both posted."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain import ledger as ledger_rules
from finance.domain.cashflows import Outcome, outcome
from finance.domain.eligibility import Run, events_begun_before
from finance.messages.reimbursement import CANCELLED_IN_SQL
from finance.persistence import batches, ledger, priced, pricings
from finance.persistence.ledger import Posting
from finance.persistence.records import Balance, BatchRecord, CashflowRecord, DebitNoteRecord


async def settle_part(connection: AsyncConnection, batch: BatchRecord, structure_ids: Sequence[UUID]) -> None:
    """Undo the waiting prices of these structures that no longer hold, price what is due, settle and post.

    A price is written once, as it stands after all of that. Nothing is published yet, and no transfer is
    ordered. Raises UnknownSubcategory.
    """
    begun_before = events_begun_before(Run(batch.cutoff, batch.closed_at))
    await priced.undo_disturbed(
        connection, structure_ids, batch=batch, begun_before=begun_before, event=CANCELLED_IN_SQL
    )
    await priced.price(connection, structure_ids, cutoff=batch.cutoff, begun_before=begun_before)
    cashflows, debit_notes, nothing_to_pay = _decide(
        await priced.balances(connection, structure_ids, batch.cutoff), batch
    )
    await batches.add_cashflows(connection, cashflows)
    await batches.add_debit_notes(connection, debit_notes)
    settled: dict[UUID, UUID | None] = {cashflow.structure_id: cashflow.id for cashflow in cashflows}
    settled |= dict.fromkeys([note.structure_id for note in debit_notes] + nothing_to_pay)
    await pricings.process(connection, settled, batch_id=batch.id, cutoff=batch.cutoff, at=batch.closed_at)
    await priced.record(connection, settled, batch=batch)
    await ledger.post(
        connection,
        [
            Posting(ledger_rules.cashflow(cashflow.amount_cents), cashflow.id, cashflow.structure_id)
            for cashflow in cashflows
        ]
        + [
            Posting(ledger_rules.debit_note(note.amount_cents), note.id, note.structure_id)
            for note in debit_notes
        ],
        batch_id=batch.id,
        at=batch.closed_at,
    )


def _decide(
    balances: Sequence[Balance], batch: BatchRecord
) -> tuple[list[CashflowRecord], list[DebitNoteRecord], list[UUID]]:
    """Cashflows to make, debts to claim, and structures settled without either. Younger debts wait."""
    cashflows, debit_notes, nothing_to_pay = [], [], []
    for balance in balances:
        # Ids follow from the account and the fortnight: closed again from nothing, files are the same.
        id_ = uuid5(balance.bank_account_id, batch.cutoff.isoformat())
        result = outcome(balance.total_cents, balance.last_cashflow_at, batch.cutoff)
        if result is Outcome.CASHFLOW:
            cashflows.append(
                CashflowRecord(
                    id=id_,
                    batch_id=batch.id,
                    structure_id=balance.structure_id,
                    bank_account_id=balance.bank_account_id,
                    amount_cents=balance.total_cents,
                    end_to_end_id=id_.hex,
                    recipient_name=balance.name,
                    recipient_siren=balance.siren,
                )
            )
        elif result is Outcome.DEBIT_NOTE:
            debit_notes.append(
                DebitNoteRecord(
                    id=id_,
                    batch_id=batch.id,
                    structure_id=balance.structure_id,
                    bank_account_id=balance.bank_account_id,
                    amount_cents=-balance.total_cents,
                )
            )
        elif result is Outcome.NOTHING_TO_PAY:
            nothing_to_pay.append(balance.structure_id)
    return cashflows, debit_notes, nothing_to_pay
