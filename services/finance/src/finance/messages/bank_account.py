"""`finance.bank_account.v1`: that a structure has an account, and where it stands."""

from typing import Final

from chassis.outbox import Event
from finance.persistence.records import BankAccountRecord

TOPIC: Final = "finance.bank_account.v1"


def bank_account(record: BankAccountRecord) -> Event:
    return Event(
        topic=TOPIC,
        key=record.id,
        version=record.version,
        type=f"bank_account.{record.status}",
        state={"structure_id": record.structure_id, "status": record.status},
    )
