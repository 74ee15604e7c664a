"""Bank accounts, fortnights and what is paid."""

from datetime import date
from typing import Any

from local_platform.demo.gateway_client import GatewayClient, Session
from local_platform.demo.story.cast import Place

AWAITING = """
query Awaiting($structureId: ID!) { awaitingReimbursement(structureId: $structureId) { count amountCents } }
"""
SUBMIT_BANK_ACCOUNT = """
mutation SubmitBankAccount($input: SubmitBankAccountInput!, $key: UUID!) {
  submitBankAccount(input: $input, idempotencyKey: $key) {
    ... on BankAccountSubmitted { bankAccount { id iban bic status } }
    ... on Refusal { code message }
  }
}
"""
ACCEPT_BANK_ACCOUNT = """
mutation AcceptBankAccount($id: ID!, $key: UUID!) {
  acceptBankAccount(id: $id, idempotencyKey: $key) {
    ... on BankAccountAccepted { bankAccount { id status } }
    ... on Refusal { code message }
  }
}
"""
LAST_CLOSED = """
query LastClosed { batches(first: 1) { edges { node { lastDay } } } }
"""
CLOSE_FORTNIGHT = """
mutation CloseFortnight($lastDay: Date!, $key: UUID!) {
  closeFortnight(lastDay: $lastDay, idempotencyKey: $key) {
    ... on FortnightClosed {
      batch {
        id label lastDay transferLabel totalCents transferCount bookingCount acceptedAt
        sepaFile { name }
      }
    }
    ... on Refusal { code message }
  }
}
"""
ACCEPT_BATCH = """
mutation AcceptBatch($id: ID!, $key: UUID!) {
  acceptBatch(id: $id, idempotencyKey: $key) {
    ... on BatchAccepted {
      batch {
        id label totalCents transferCount acceptedAt
        sepaFile { name sha256 content transactionCount controlSumCents }
      }
    }
    ... on Refusal { code message }
  }
}
"""
START_EXPORT = """
mutation StartExport($input: ReimbursementExportInput!, $key: UUID!) {
  startReimbursementExport(input: $input, idempotencyKey: $key) {
    ... on ReimbursementExportStarted { export { job { id } } }
    ... on Refusal { code message }
  }
}
"""
EXPORT = """
query Export($id: ID!) { reimbursementExport(id: $id) { job { state done total failure } file { url filename } } }
"""
REIMBURSEMENTS = """
query Reimbursements($structureId: ID!) {
  reimbursements(structureId: $structureId, first: 20) {
    edges { node { offerName bookedCents amountCents rate status statusLabel transferLabel } }
  }
}
"""


def awaiting(client: GatewayClient, pro: Session, structure_id: str) -> dict[str, int]:
    """What is owed to a structure and not paid yet: `{count amountCents}`."""
    found: dict[str, int] = client.ask(AWAITING, pro, structureId=structure_id)["awaitingReimbursement"]
    return found


def submit_bank_account(
    client: GatewayClient, pro: Session, structure_id: str, place: Place
) -> dict[str, Any]:
    form = {"structureId": structure_id, "label": "Compte courant", "iban": place.iban, "bic": place.bic}
    account: dict[str, Any] = client.act(SUBMIT_BANK_ACCOUNT, pro, input=form)["bankAccount"]
    return account


def accept_bank_account(client: GatewayClient, finance: Session, account_id: str) -> str:
    """Its status afterwards."""
    return str(client.act(ACCEPT_BANK_ACCOUNT, finance, id=account_id)["bankAccount"]["status"])


def last_closed_day(client: GatewayClient, finance: Session) -> date | None:
    """The last day of the newest closed fortnight; None when none was ever closed."""
    edges = client.ask(LAST_CLOSED, finance)["batches"]["edges"]
    return max((date.fromisoformat(edge["node"]["lastDay"]) for edge in edges), default=None)


def close_fortnight(client: GatewayClient, finance: Session, last_day: date) -> dict[str, Any]:
    """The batch, which somebody else has to accept."""
    batch: dict[str, Any] = client.act(CLOSE_FORTNIGHT, finance, lastDay=last_day.isoformat())["batch"]
    return batch


def accept_batch(client: GatewayClient, finance: Session, batch_id: str) -> dict[str, Any]:
    """The batch, with its SEPA file. Raises Refused."""
    batch: dict[str, Any] = client.act(ACCEPT_BATCH, finance, id=batch_id)["batch"]
    return batch


def start_export(client: GatewayClient, pro: Session, structure_id: str, batch_id: str) -> str:
    """The id of the job that writes what was paid as CSV."""
    wanted = {"structureId": structure_id, "batchId": batch_id, "format": "CSV"}
    return str(client.act(START_EXPORT, pro, input=wanted)["export"]["job"]["id"])


def export(client: GatewayClient, pro: Session, id_: str) -> dict[str, Any]:
    """How far it is, and the link to its file once there is one."""
    found: dict[str, Any] = client.ask(EXPORT, pro, id=id_)["reimbursementExport"]
    return found


def reimbursements(client: GatewayClient, pro: Session, structure_id: str) -> list[dict[str, Any]]:
    found = client.ask(REIMBURSEMENTS, pro, structureId=structure_id)["reimbursements"]["edges"]
    return [edge["node"] for edge in found]
