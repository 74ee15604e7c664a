"""What a structure was reimbursed in a batch, booking by booking, as a spreadsheet (domain.md §5.4)."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from finance.domain.calendar import PARIS, transfer_title
from finance.domain.money import euros, percent
from finance.domain.payments import PaymentStatus, status_label

HEADER: Final = (
    *("Année", "Virement", "Créditeur", "SIRET créditeur", "Adresse créditeur", "IBAN"),
    *("Raison sociale du lieu", "Nom de l'offre", "Nom utilisateur", "Prénom utilisateur", "Contremarque"),
    *("Date de validation de la réservation", "Montant de la réservation", "Barème", "Montant remboursé"),
    "Statut du remboursement",
)
_BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


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


def write(lines: Iterable[Line]) -> str:
    """The file's text: byte order mark, `;`, decimals with a comma. The creditor is the venue."""
    text = io.StringIO()
    text.write(_BYTE_ORDER_MARK)
    sheet = csv.writer(text, delimiter=";")
    sheet.writerow(HEADER)
    for line in lines:
        sheet.writerow(
            (
                line.transfer_label[-4:],
                transfer_title(line.transfer_label),
                _text(line.venue_name),
                line.venue_siret,
                _text(line.venue_address),
                line.iban,
                _text(line.venue_name),
                _text(line.offer_name),
                _text(line.last_name),
                _text(line.first_name),
                line.contremarque,
                f"{line.used_at.astimezone(PARIS):%d/%m/%Y %H:%M}",
                euros(line.booked_cents),
                "" if line.rate_bp is None else percent(line.rate_bp),
                euros(line.reimbursed_cents),
                status_label(PaymentStatus.SENT),
            )
        )
    return text.getvalue()


def _text(value: str) -> str:
    """Text that somebody typed: a spreadsheet must never run it as a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
