"""SIREN (9 digits, a structure) and SIRET (14 digits, one of its establishments); domain.md §2.5."""

import re

from stdnum import luhn

from identity.domain.refusals import InvalidSiren, InvalidSiret, SiretOfAnotherStructure

LA_POSTE = "356000000"
"""SIREN of La Poste, which ran out of numbers that satisfy Luhn for its post offices."""

_SIREN = re.compile(r"[0-9]{9}")
_SIRET = re.compile(r"[0-9]{14}")


def compact(text: str) -> str:
    """Without the spaces and dots that people type between groups of digits."""
    return re.sub(r"[\s.]", "", text)


def is_siren(number: str) -> bool:
    return _SIREN.fullmatch(number) is not None and luhn.is_valid(number)


def is_siret(number: str) -> bool:
    """Luhn on 14 digits; for La Poste a plain sum that is a multiple of 5 will do as well."""
    if _SIRET.fullmatch(number) is None:
        return False
    if luhn.is_valid(number):
        return True
    return number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0


def check_siren(number: str) -> InvalidSiren | None:
    return None if is_siren(number) else InvalidSiren()


def check_siret(number: str, siren: str) -> InvalidSiret | SiretOfAnotherStructure | None:
    """A venue's SIRET must be well formed and begin with the SIREN of its structure."""
    if not is_siret(number):
        return InvalidSiret()
    return None if number.startswith(siren) else SiretOfAnotherStructure(siren)
