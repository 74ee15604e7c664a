"""The spreadsheet of what a structure was reimbursed in a batch."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.sealed import Sealer
from finance.files import reimbursement_csv
from finance.files.reimbursement_csv import Line
from finance.persistence import reimbursements
from finance.persistence.records import PaidBooking


async def export_reimbursements(
    connection: AsyncConnection, sealer: Sealer, structure_id: UUID, batch_id: UUID
) -> str:
    """The file's text. Names and contremarques are unsealed for it and kept nowhere."""
    bookings = await reimbursements.paid_in_batch(connection, structure_id, batch_id)
    return reimbursement_csv.write(_line(booking, sealer) for booking in bookings)


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
