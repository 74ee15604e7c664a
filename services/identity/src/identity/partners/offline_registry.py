"""A small sample of the register, for a platform without the Internet: a handful of public institutions."""

from collections.abc import Iterable
from typing import Final

from identity.domain.companies import Company

SAMPLE: Final = (
    Company("180046252", "BIBLIOTHEQUE NATIONALE DE FRANCE", True, "QUAI FRANCOIS MAURIAC", "75013", "PARIS"),
    Company(
        "180046237", "ETABLISSEMENT PUBLIC DU MUSEE DU LOUVRE", True, "99 RUE DE RIVOLI", "75001", "PARIS"
    ),
    Company("784396079", "OPERA NATIONAL DE PARIS", True, "120 RUE DE LYON", "75012", "PARIS"),
    Company("356000000", "LA POSTE", True, "9 RUE DU COLONEL PIERRE AVIA", "75015", "PARIS"),
    # Made up: one that closed, one that keeps its address from the public.
    Company("900000019", "CINEMA DES ECLUSES", False, "1 B QUAI DE L'ECLUSE", "34000", "MONTPELLIER"),
    Company("900000027", "LIBRAIRIE DES ECLUSES", True, None, None, "MONTPELLIER"),
)


class OfflineRegistry:
    def __init__(self, companies: Iterable[Company] = SAMPLE) -> None:
        self._companies = {company.siren: company for company in companies}

    async def find(self, siren: str) -> Company | None:
        return self._companies.get(siren)
