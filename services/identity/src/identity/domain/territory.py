"""From a postal code to a département, and from a département to its time zone and its rights.

Source: domain.md §2.2 and §2.3.
"""

import re
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, midnight, row
from chassis.identifiers import Flaw, read_postal_code
from identity.domain.refusals import InvalidPostalCode, ResidenceExcluded

PARIS = "Europe/Paris"

POSTAL_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")

ZONE_BY_DEPARTMENT = MappingProxyType(
    {
        "971": "America/Guadeloupe",
        "972": "America/Martinique",
        "973": "America/Cayenne",
        "974": "Indian/Reunion",
        "975": "America/Miquelon",
        "976": "Indian/Mayotte",
        "977": "America/St_Barthelemy",
        "978": "America/Guadeloupe",
        "986": "Pacific/Wallis",
        "987": "Pacific/Tahiti",
        "988": "Pacific/Noumea",
        "989": "Pacific/Pitcairn",
    }
)

EXCLUDED_DEPARTMENTS = frozenset({"984", "987", "988"})
"""Terres australes, Polynésie française and Nouvelle-Calédonie have no pass (domain.md §2.2)."""

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


def is_postal_code(text: str) -> bool:
    """One digit, one digit or A/B (Corsica), three digits."""
    return POSTAL_CODE.fullmatch(text) is not None


def parse_postal_code(text: str) -> str | InvalidPostalCode:
    """The five characters of a postal code, whatever blanks and labels were typed with them."""
    code = read_postal_code(text)
    return InvalidPostalCode() if isinstance(code, Flaw) else code


def department_of(postal_code: str) -> str:
    """The 2 first characters, or the 3 first from 97 on. `postal_code` must be well formed."""
    if not is_postal_code(postal_code):
        raise ValueError(f"not a postal code: {postal_code!r}")
    head = postal_code[:2]
    return postal_code[:3] if head.isdigit() and int(head) >= 97 else head


def zone_of(department: str | None) -> str:
    """IANA zone of a département; Paris for all of the mainland and when it is not known."""
    return ZONE_BY_DEPARTMENT.get(department or "", PARIS)


def check_residence(
    department: str | None, open_departments: frozenset[str] | None
) -> ResidenceExcluded | None:
    """May somebody who lives there have a credit? A département not known is accepted."""
    if not department:
        return None
    if department in EXCLUDED_DEPARTMENTS:
        return ResidenceExcluded(department)
    if open_departments is not None and department not in open_departments:
        return ResidenceExcluded(department)
    return None
