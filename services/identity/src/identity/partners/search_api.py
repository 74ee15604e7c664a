"""The State's public search of companies (`GET /search?q=…`), as a register.

Read with tolerance: only the fields that we show are looked at. It is a full-text search: what it
gives counts only where its SIREN is the one that was asked for.
"""

from typing import Final
from urllib.parse import urlencode

from pydantic import BaseModel, Field, ValidationError

from chassis.outbound import Outbound, OutboundError
from identity.domain.companies import Company
from identity.partners.company_registry import RegistryUnavailable

PARTNER: Final = "company-registry"
_ACTIVE: Final = "A"
_KEPT_FROM_THE_PUBLIC: Final = "[NON-DIFFUSIBLE]"


class _Seat(BaseModel):
    numero_voie: str | None = None
    indice_repetition: str | None = None
    type_voie: str | None = None
    libelle_voie: str | None = None
    code_postal: str | None = None
    libelle_commune: str | None = None


class _LegalUnit(BaseModel):
    siren: str
    nom_complet: str = Field(min_length=1)
    nom_raison_sociale: str | None = None
    etat_administratif: str
    siege: _Seat = _Seat()


class _Found(BaseModel):
    results: list[_LegalUnit]


class SearchApi:
    def __init__(self, outbound: Outbound, address: str) -> None:
        """`address`: where the API is, without `/search`."""
        self._outbound = outbound
        self._address = address.rstrip("/")

    async def find(self, siren: str) -> Company | None:
        query = urlencode({"q": siren, "page": 1, "per_page": 1})
        try:
            answer = await self._outbound.request("GET", f"{self._address}/search?{query}", partner=PARTNER)
            if not answer.is_success:
                raise RegistryUnavailable
            found = _Found.model_validate(answer.json())
        except (OutboundError, ValidationError):
            raise RegistryUnavailable from None
        return next((_company(unit) for unit in found.results if unit.siren == siren), None)


def _company(unit: _LegalUnit) -> Company:
    seat = unit.siege
    way = (seat.numero_voie, seat.indice_repetition, seat.type_voie, seat.libelle_voie)
    return Company(
        siren=unit.siren,
        name=unit.nom_raison_sociale or unit.nom_complet,
        is_active=unit.etat_administratif == _ACTIVE,
        street=" ".join(part for part in map(_public, way) if part) or None,
        postal_code=_public(seat.code_postal),
        city=_public(seat.libelle_commune),
    )


def _public(value: str | None) -> str | None:
    return None if value is None or _KEPT_FROM_THE_PUBLIC in value else value.strip() or None
