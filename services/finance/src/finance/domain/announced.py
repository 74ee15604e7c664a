"""What the places could read, kept beside the code's own rules where the two disagree (domain.md §10)."""

from typing import Final, NamedTuple

from chassis.dated import BEGINNING, DatedTable, midnight, row


class TransferDelay(NamedTuple):
    """Days between the end of a fortnight and the money, as the places could read it."""

    at_least_days: int
    at_most_days: int


TRANSFER_DELAY: Final = DatedTable(
    name="transfer delay announced",
    keyed_by="date of validation",
    rows=(
        row(BEGINNING, TransferDelay(0, 15), source="domain.md §8 (2018, 2021: ≤ 15 days; S4, S2)"),
        row(
            midnight("Europe/Paris", 2024, 1, 1),
            TransferDelay(14, 21),
            source="domain.md §8 (≈ 2024: every 2-3 weeks; S3)",
            note="a document's date, not a commit's",
        ),
    ),
)

ANNOUNCEMENT: Final = DatedTable(
    name="reimbursement announced to the places",
    keyed_by="date of reading",
    rows=(
        row(
            BEGINNING,
            "Les biens et sorties sont remboursés ; en ligne, seuls les livres numériques le sont.",
            source="domain.md §8, §10.10 (S0)",
            note="the code reimbursed e-books from 2019-03-27 only",
        ),
        row(
            midnight("Europe/Paris", 2018, 12, 1),
            "Les réservations validées sont remboursées à 100 %.",
            source="domain.md §5.2, §10.5 (2018-12, S4)",
            note="the code had a cap per structure at that time",
        ),
        row(
            midnight("Europe/Paris", 2021, 12, 1),
            "100 % jusqu'à 20 000 € par établissement et par année civile, puis taux dégressifs.",
            source="domain.md §5.1, §10.6 (S2)",
        ),
    ),
)
