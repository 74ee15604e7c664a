"""The spreadsheet of what a structure was reimbursed in a batch."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from chassis.db import Database
from chassis.files import Files, new_name
from chassis.sealed import Sealer
from chassis.spreadsheets import SpreadsheetFormat, spreadsheet
from finance.files.reimbursement_sheet import COLUMNS, Line, rows
from finance.persistence import reimbursements
from finance.persistence.records import PaidBooking

FOLDER: Final = "reimbursements"
ROWS_A_STEP: Final = 500
"""After how many rows it is told how far the writing is."""

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many bookings of how many are written. What it raises ends the writing, and no file is left."""


async def export_reimbursements(
    database: Database,
    files: Files,
    sealer: Sealer,
    structure_id: UUID,
    batch_id: UUID,
    form: SpreadsheetFormat,
    progress: Progress,
) -> str:
    """The name of the written file. Names and contremarques are unsealed for it and kept nowhere else.

    Takes the database: no connection is held while the file is written. Raises FilesUnavailable, FileTooLarge.
    """
    async with database.read() as connection:
        bookings = await reimbursements.paid_in_batch(connection, structure_id, batch_id)
    lines = rows(_lines(bookings, sealer, progress))
    name = new_name(FOLDER, form.value)
    await files.write(name, spreadsheet(form, COLUMNS, lines, "Remboursements"))
    return name


async def _lines(bookings: Sequence[PaidBooking], sealer: Sealer, progress: Progress) -> AsyncIterator[Line]:
    for done, booking in enumerate(bookings):
        if done % ROWS_A_STEP == 0:
            await progress(done, len(bookings))
        yield _line(booking, sealer)
    await progress(len(bookings), len(bookings))


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
