"""What living in a département gives or takes.

Source: domain.md §2.2 and §2.3.
"""

from dataclasses import dataclass
from datetime import datetime

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.departments import PARIS
from chassis.identifiers import Flaw, read_postal_code
from identity.domain.refusals import InvalidPostalCode, ResidenceExcluded


@dataclass(frozen=True, slots=True)
class Excluded:
    """Where nobody has a pass."""

    departments: frozenset[str]
    postal_codes: frozenset[str] = frozenset()


_NORTH_OF_NEW_CALEDONIA = frozenset(
    {
        "98811",
        "98813",
        "98815",
        "98816",
        "98817",
        "98818",
        "98821",
        "98822",
        "98823",
        "98824",
        "98825",
        "98826",
        "98831",
        "98833",
        "98850",
        "98860",
    }
)
_LOYALTY_ISLANDS = frozenset({"98814", "98820", "98828", "98878", "98884", "98885"})

EXCLUDED: DatedTable[Excluded] = DatedTable(
    name="territories without a pass",
    keyed_by="grant date",
    rows=(
        row(
            BEGINNING,
            Excluded(frozenset({"984", "987", "988"})),
            source="domain.md §2.2: Terres australes, Polynésie française, Nouvelle-Calédonie",
        ),
        row(
            midnight(PARIS, 2024, 1, 1),
            Excluded(frozenset({"984", "987"}), _NORTH_OF_NEW_CALEDONIA | _LOYALTY_ISLANDS),
            source="domain.md §2.2, case N07: M, the South of Nouvelle-Calédonie is in, by postal code",
            note="≈ year of the newer code",
        ),
    ),
)

_FIRST_FIVE = frozenset({"29", "34", "67", "93", "973"})
_FOURTEEN = _FIRST_FIVE | {"08", "22", "25", "35", "56", "58", "71", "84", "94"}

OPEN_DEPARTMENTS: DatedTable[frozenset[str] | None] = DatedTable(
    name="départements where a credit is granted (None: everywhere but the excluded ones)",
    keyed_by="grant date",
    rows=(
        row(BEGINNING, _FIRST_FIVE, source="domain.md §2.2: pilot départements of 2018"),
        row(
            midnight(PARIS, 2019, 6, 1),
            _FOURTEEN,
            source="domain.md §2.2 and §9: 5 → 14 départements",
            note="≈ the month of the press announcement",
        ),
        row(midnight(PARIS, 2021, 5, 21), None, source="domain.md §2.4: general opening"),
    ),
)


def parse_postal_code(text: str) -> str | InvalidPostalCode:
    """The five characters of a postal code, whatever blanks and labels were typed with them."""
    code = read_postal_code(text)
    return InvalidPostalCode() if isinstance(code, Flaw) else code


def check_residence(
    department: str | None, postal_code: str | None, now: datetime
) -> ResidenceExcluded | None:
    """May somebody who lives there have a credit at `now`? A département not known is accepted."""
    if not department:
        return None
    excluded, open_departments = EXCLUDED.at(now), OPEN_DEPARTMENTS.at(now)
    if department in excluded.departments or postal_code in excluded.postal_codes:
        return ResidenceExcluded(department)
    if open_departments is not None and department not in open_departments:
        return ResidenceExcluded(department)
    return None
