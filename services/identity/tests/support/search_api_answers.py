"""Answers in the shape of the State's search of companies, with what we do not read around what we do."""

from collections.abc import Sequence
from typing import Any

from identity.domain.companies import Company


def answered(companies: Sequence[Company]) -> dict[str, Any]:
    return {
        "results": [unit(company) for company in companies],
        "total_results": len(companies),
        "page": 1,
        "per_page": 1,
        "total_pages": len(companies),
    }


def unit(company: Company) -> dict[str, Any]:
    hidden = company.street is None
    number, _, way = (company.street or " ").partition(" ")
    return {
        "siren": company.siren,
        "nom_complet": f"{company.name} (SIGLE)",
        "nom_raison_sociale": company.name,
        "sigle": "SIGLE",
        "nombre_etablissements": 3,
        "nombre_etablissements_ouverts": 2,
        "siege": {
            "activite_principale": "91.01Z",
            "adresse": "[NON-DIFFUSIBLE]"
            if hidden
            else f"{company.street} {company.postal_code} {company.city}",
            "numero_voie": "[NON-DIFFUSIBLE]" if hidden else number,
            "indice_repetition": None,
            "type_voie": None,
            "libelle_voie": "[NON-DIFFUSIBLE]" if hidden else way,
            "code_postal": "[NON-DIFFUSIBLE]" if company.postal_code is None else company.postal_code,
            "libelle_commune": company.city,
            "siret": f"{company.siren}00015",
            "latitude": "48.83",
            "longitude": "2.37",
        },
        "activite_principale": "91.01Z",
        "categorie_entreprise": "ETI",
        "date_creation": "1994-01-03",
        "etat_administratif": "A" if company.is_active else "C",
        "nature_juridique": "7389",
        "dirigeants": [{"nom": "MARTIN", "prenoms": "LEA", "qualite": "Présidente"}],
        "matching_etablissements": [],
    }
