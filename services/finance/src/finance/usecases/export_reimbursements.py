"""The spreadsheet of what a structure was reimbursed in a batch."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.files import Files
from chassis.ids import new_id
from chassis.sealed import Sealer
from chassis.spreadsheets import SpreadsheetFormat, spreadsheet
from finance.domain.refusals import BatchNotFound
from finance.files.reimbursement_sheet import COLUMNS, Line, rows
from finance.persistence import batches, reimbursements
from finance.persistence.records import PaidBooking

FOLDER = "reimbursements"

ExportReimbursementsRefusal = BatchNotFound


@dataclass(frozen=True, slots=True)
class Export:
    """A spreadsheet that was written; its name among the files is `export_name(id, form)`."""

    id: UUID


def export_name(export_id: UUID, form: SpreadsheetFormat) -> str:
    return f"{FOLDER}/{export_id.hex}.{form.value}"


async def export_reimbursements(
    connection: AsyncConnection,
    files: Files,
    sealer: Sealer,
    structure_id: UUID,
    batch_id: UUID,
    form: SpreadsheetFormat,
) -> Export | ExportReimbursementsRefusal:
    """Write it among the files. One that was written for a transaction that failed is deleted with the old ones."""
    if not await batches.by_ids(connection, [batch_id]):
        return BatchNotFound()
    export = Export(new_id())
    content = await _content(connection, sealer, structure_id, batch_id, form)
    await files.write(export_name(export.id, form), content)
    return export


async def reimbursement_csv(
    connection: AsyncConnection, sealer: Sealer, structure_id: UUID, batch_id: UUID
) -> str:
    """The CSV's text. Names and contremarques are unsealed for it and kept nowhere."""
    content = await _content(connection, sealer, structure_id, batch_id, SpreadsheetFormat.CSV)
    return b"".join([piece async for piece in content]).decode()


async def _content(
    connection: AsyncConnection,
    sealer: Sealer,
    structure_id: UUID,
    batch_id: UUID,
    form: SpreadsheetFormat,
) -> AsyncIterator[bytes]:
    bookings = await reimbursements.paid_in_batch(connection, structure_id, batch_id)
    return spreadsheet(form, COLUMNS, rows(_line(booking, sealer) for booking in bookings), "Remboursements")


def _line(booking: PaidBooking, sealer: Sealer) -> Line:
    seal = ("booking.booking.v1", booking.booking_id)
    person = sealer.open(booking.sealed, seal) if booking.sealed else {}
    address = " ".join(part for part in (booking.street, booking.postal_code, booking.city) if part)
    return Line(
        transfer_label=booking.transfer_label,
        venue_name=booking.venue_name or "",
        venue_siret=booking.siret or "",
        venue_address=address,
        iban=booking.iban,
        offer_name=booking.offer_name,
        last_name=person.get("last_name") or "",
        first_name=person.get("first_name") or "",
        contremarque=person.get("token") or "",
        used_at=booking.used_at,
        booked_cents=booking.booked_cents,
        rate_bp=booking.rate_bp,
        reimbursed_cents=booking.reimbursed_cents,
    )
