"""How long a spreadsheet of many rows takes, and what it costs in memory.

./pass bench spreadsheet

Sixteen columns like those of the reimbursements. Prints, for each format, seconds, rows a second,
megabytes written and how much this process grew at most.
"""

import asyncio
import datetime as dt
import sys
import threading
import time
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import psutil

from chassis.spreadsheets import (
    Row,
    SpreadsheetFormat,
    amount,
    code,
    instant,
    rate,
    spreadsheet,
    text,
)

COLUMNS = (
    *(code("Année"), text("Virement"), text("Créditeur"), code("SIRET"), text("Adresse"), code("IBAN")),
    *(text("Lieu"), text("Offre"), text("Nom"), text("Prénom"), code("Contremarque")),
    *(instant("Validée", ZoneInfo("Europe/Paris")), amount("Montant"), rate("Barème"), amount("Remboursé")),
    text("Statut"),
)
NOON = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


async def rows(count: int) -> AsyncIterator[Row]:
    for number in range(count):
        yield (
            *("2026", "Avril : remboursement 1ère quinzaine", "Librairie des Écluses", "12345678901234"),
            *("12 quai de l'Écluse, 75010 Paris", "FR7630006000011234567890189", "Librairie des Écluses"),
            *(
                f"Le Petit Prince, édition {number}",
                "Martin",
                "Léa",
                f"A{number:05d}",
                NOON,
                1_250,
                9_500,
                1_188,
            ),
            "Remboursé",
        )


class Peak(threading.Thread):
    """The most that this process held since it was started."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self.over = threading.Event()

    def run(self) -> None:
        this = psutil.Process()
        while not self.over.wait(0.005):
            self.bytes = max(self.bytes, this.memory_info().rss)


async def measure(form: SpreadsheetFormat, count: int) -> None:
    async for _ in spreadsheet(form, COLUMNS, rows(10)):
        pass
    before = psutil.Process().memory_info().rss
    peak = Peak()
    peak.start()
    started, busy, written = time.perf_counter(), time.process_time(), 0
    async for piece in spreadsheet(form, COLUMNS, rows(count)):
        written += len(piece)
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    peak.over.set()
    peak.join()
    grown = (peak.bytes - before) / 1e6
    sys.stdout.write(
        f"{form.value:5} {count} rows: {seconds:.1f} s ({cpu:.1f} s of CPU), {count / cpu:.0f} rows/s of CPU,"
        f" {written / 1e6:.1f} MB written, process {peak.bytes / 1e6:.0f} MB at most, {grown:.0f} MB more\n"
    )


if __name__ == "__main__":
    for each in SpreadsheetFormat:
        asyncio.run(measure(each, int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
