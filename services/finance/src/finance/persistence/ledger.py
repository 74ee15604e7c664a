"""The ledger: entries are added whole; nothing is ever changed or removed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from finance.domain.ledger import Account, Entry
from finance.persistence.copying import copy_into
from finance.persistence.derived_ids import DERIVED_ID, derived_id
from finance.persistence.records import LedgerLine
from finance.persistence.tables import ledger

_PAID_OUT = sa.select(sa.func.coalesce(sa.func.sum(ledger.c.amount_cents), 0)).where(
    ledger.c.batch_id == sa.bindparam("batch_id"), ledger.c.account == Account.PAID_OUT
)

_POST_PRICES: Final = """
    INSERT INTO ledger (entry_id, kind, account, amount_cents, structure_id, batch_id, subject_id, recorded_at)
    SELECT {entry_id}, '{kind}', line.account, line.cents, {of}.structure_id, :batch_id, {of}.id, :at
    FROM {of}
    CROSS JOIN LATERAL (VALUES {lines}) AS line (account, cents)
    WHERE line.cents <> 0
    """


def post_prices(of: str, rule: Callable[[int, int], Entry]) -> str:
    """The statement that posts what `rule` makes of each row of `of`, prices with an id. Takes `:batch_id` and `:at`.

    `rule` gives an entry for booked and reimbursed cents, each line a sum of multiples of both: the rule says which.
    """
    of_booked, of_reimbursed = rule(1, 0), rule(0, 1)
    booked = {line.account: line.amount_cents for line in of_booked.lines}
    reimbursed = {line.account: line.amount_cents for line in of_reimbursed.lines}
    return _POST_PRICES.format(
        of=of,
        kind=of_booked.kind,
        entry_id=DERIVED_ID.format(of=f"{of}.id", what=f"'{of_booked.kind}'"),
        lines=", ".join(
            f"('{account}', {booked.get(account, 0)} * {of}.booked_cents"
            f" + {reimbursed.get(account, 0)} * {of}.reimbursed_cents)"
            for account in Account
            if account in booked or account in reimbursed
        ),
    )


class Posting(NamedTuple):
    """An entry and what it is about: a pricing or a cashflow of a structure."""

    entry: Entry
    subject_id: UUID
    structure_id: UUID


async def post(
    connection: AsyncConnection, postings: Iterable[Posting], *, batch_id: UUID | None, at: datetime
) -> None:
    """Add entries; `batch_id` is None for what is posted between two batches.

    Their ids follow from what they are about: the same act never posts twice unseen.
    """
    await copy_into(
        connection,
        ledger,
        [
            LedgerLine(
                entry_id=entry_id,
                kind=posting.entry.kind.value,
                account=line.account.value,
                amount_cents=line.amount_cents,
                structure_id=posting.structure_id,
                batch_id=batch_id,
                subject_id=posting.subject_id,
                recorded_at=at,
            )
            for posting in postings
            for entry_id in (derived_id(posting.subject_id, posting.entry.kind.value),)
            for line in posting.entry.lines
        ],
    )


async def paid_out_cents(connection: AsyncConnection, batch_id: UUID) -> int:
    """What the bank is ordered to transfer in a batch, by the ledger."""
    return int((await connection.execute(_PAID_OUT, {"batch_id": batch_id})).scalar_one())
