"""The spreadsheet of what a structure was reimbursed in a batch."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.sealed import Sealer
from finance.files import reimbursement_csv
from finance.files.reimbursement_csv import Line
from finance.persistence import queries
from finance.persistence.rows import AnyRow


async def export_reimbursements(
    connection: AsyncConnection, sealer: Sealer, structure_id: UUID, batch_id: UUID
) -> str:
    """The file's text. Names and contremarques are unsealed for it and kept nowhere."""
    rows = await queries.paid_in_batch(connection, structure_id, batch_id)
    return reimbursement_csv.write(_line(row, sealer) for row in rows)


def _line(row: AnyRow, sealer: Sealer) -> Line:
    person = sealer.open(row.sealed) if row.sealed else {}
    address = " ".join(part for part in (row.street, row.postal_code, row.city) if part)
    return Line(
        transfer_label=row.transfer_label,
        venue_name=row.venue_name or "",
        venue_siret=row.siret or "",
        venue_address=address,
        iban=row.iban,
        offer_name=row.offer_name,
        last_name=person.get("last_name") or "",
        first_name=person.get("first_name") or "",
        contremarque=person.get("token") or "",
        used_at=row.used_at,
        booked_cents=row.booked_cents,
        rate_bp=row.rate_bp,
        reimbursed_cents=row.reimbursed_cents,
    )
