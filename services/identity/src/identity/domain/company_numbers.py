"""SIREN (9 characters, a structure) and SIRET (14, one of its establishments); domain.md §2.5.

New Caledonia has numbers of its own, of the same lengths: RID7 and RIDET (case N04).
"""

from chassis.identifiers import LA_POSTE, Flaw, read_company, read_establishment
from chassis.identifiers import compact as compact_sirene
from identity.domain.refusals import InvalidSiren, InvalidSiret, SiretOfAnotherStructure

__all__ = ["LA_POSTE", "check_siren", "check_siret", "compact", "is_siren", "is_siret"]


def compact(text: str) -> str:
    """The number that was typed, whatever stands between and before its digits; else what is left without those."""
    number = read_company(text)
    return compact_sirene(text, "siren") if isinstance(number, Flaw) else number


def is_siren(number: str) -> bool:
    """Nine digits under a Luhn key, not all zeros; or NC and seven digits. Bare, as they are kept."""
    return read_company(number) == number


def is_siret(number: str) -> bool:
    """Luhn on 14 digits; for La Poste a plain sum that is a multiple of 5 will do as well; or a RIDET.

    Bare, as they are kept.
    """
    return read_establishment(number) == number


def check_siren(number: str) -> InvalidSiren | None:
    return None if is_siren(number) else InvalidSiren()


def check_siret(number: str, siren: str) -> InvalidSiret | SiretOfAnotherStructure | None:
    """A venue's SIRET must be well formed and begin with the SIREN of its structure."""
    if not is_siret(number):
        return InvalidSiret()
    return None if number.startswith(siren) else SiretOfAnotherStructure(siren)
