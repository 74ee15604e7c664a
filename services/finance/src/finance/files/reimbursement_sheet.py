"""What a structure was reimbursed in a batch, booking by booking, as a spreadsheet (domain.md §5.4)."""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from typing import Final, NamedTuple

from chassis.spreadsheets import Column, Row, amount, code, instant, rate, text
from finance.domain.calendar import PARIS, transfer_title
from finance.domain.payments import PaymentStatus, status_label

COLUMNS: Final[tuple[Column, ...]] = (
    *(code("Année"), text("Virement"), text("Créditeur"), code("SIRET créditeur"), text("Adresse créditeur")),
    *(code("IBAN"), text("Raison sociale du lieu"), text("Nom de l'offre"), text("Nom utilisateur")),
    *(
        text("Prénom utilisateur"),
        code("Contremarque"),
        instant("Date de validation de la réservation", PARIS),
    ),
    *(amount("Montant de la réservation"), rate("Barème"), amount("Montant remboursé")),
    text("Statut du remboursement"),
)


class Line(NamedTuple):
    """One reimbursed booking; amounts in cents, `rate_bp` None for rules that pay an amount."""

    transfer_label: str
    venue_name: str
    venue_siret: str
    venue_address: str
    iban: str
    offer_name: str
    last_name: str
    first_name: str
    contremarque: str
    used_at: datetime
    booked_cents: int
    rate_bp: int | None
    reimbursed_cents: int


async def rows(lines: AsyncIterable[Line]) -> AsyncIterator[Row]:
    """In the order of `COLUMNS`. The creditor is the venue."""
    async for line in lines:
        yield (
            line.transfer_label[-4:],
            transfer_title(line.transfer_label),
            line.venue_name,
            line.venue_siret,
            line.venue_address,
            line.iban,
            line.venue_name,
            line.offer_name,
            line.last_name,
            line.first_name,
            line.contremarque,
            line.used_at,
            line.booked_cents,
            line.rate_bp,
            line.reimbursed_cents,
            status_label(PaymentStatus.SENT),
        )
