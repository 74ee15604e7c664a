"""The State's API may be away, slow or wrong: identity says that it is, and never shows another company."""

import pytest

from chassis.outbound.partner import Partner, flood, garbage, json, reset, respond, silence, status
from identity.partners.company_registry import RegistryUnavailable
from identity.partners.offline_registry import SAMPLE
from identity.partners.search_api import SearchApi
from search_api_answers import answered, unit

COMPANY = SAMPLE[0]


async def test_it_is_asked_for_one_number(partner: Partner, search_api: SearchApi) -> None:
    await search_api.find(COMPANY.siren)
    (received,) = partner.requests
    assert (received.method, received.path) == ("GET", "/search")
    assert received.query == {"q": COMPANY.siren, "page": "1", "per_page": "1"}


async def test_a_company_of_another_number_is_none(partner: Partner, search_api: SearchApi) -> None:
    partner.on("/search", json(answered([SAMPLE[1]])))
    assert await search_api.find(COMPANY.siren) is None


async def test_a_moments_absence_is_not_noticed(partner: Partner, search_api: SearchApi) -> None:
    partner.on("/search", status(503), reset(), json(answered([COMPANY])))
    assert await search_api.find(COMPANY.siren) == COMPANY


@pytest.mark.parametrize(
    "trouble",
    [
        *(status(500), status(403), status(404), status(429), reset(), silence(), garbage(), flood(20)),
        respond(b"<html>maintenance</html>", content_type="text/html"),
        json(answered([COMPANY]), content_type="text/html"),
        *(json([]), json({"results": None}), json({"results": [{}]}), json({"erreur": "x"}), json(None)),
        json({"results": [unit(COMPANY) | {"nom_complet": ""}]}),
        json({"results": [unit(COMPANY) | {"siege": {"code_postal": {"a": 1}}}]}),
    ],
)
async def test_whatever_is_wrong_with_it_is_told_as_one_thing(
    partner: Partner, search_api: SearchApi, trouble
) -> None:
    partner.on("/search", trouble)
    with pytest.raises(RegistryUnavailable):
        await search_api.find(COMPANY.siren)


async def test_a_way_of_many_parts_is_one_line(partner: Partner, search_api: SearchApi) -> None:
    seat = {"numero_voie": "12", "indice_repetition": "BIS", "type_voie": "RUE", "libelle_voie": "DES ARTS"}
    partner.on("/search", json({"results": [unit(COMPANY) | {"siege": seat}]}))
    company = await search_api.find(COMPANY.siren)
    assert (company.street, company.postal_code, company.city) == ("12 BIS RUE DES ARTS", None, None)


async def test_a_company_without_a_legal_name_goes_by_its_whole_name(
    partner: Partner, search_api: SearchApi
) -> None:
    person = unit(COMPANY) | {"nom_raison_sociale": None, "nom_complet": "LEA MARTIN"}
    partner.on("/search", json({"results": [person]}))
    assert (await search_api.find(COMPANY.siren)).name == "LEA MARTIN"
