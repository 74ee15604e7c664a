"""A pro asks what the public register says of a company."""

import pytest

from chassis.outbound.partner import Partner, json, status
from chassis.testing import principal
from identity.main import SERVICE
from identity.partners.offline_registry import SAMPLE
from search_api_answers import answered

pytestmark = pytest.mark.servers

COMPANY = "query ($siren: String!) { company(siren: $siren) { siren name isActive street postalCode city } }"
BNF = {
    "siren": "180046252",
    "name": "BIBLIOTHEQUE NATIONALE DE FRANCE",
    "isActive": True,
    "street": "QUAI FRANCOIS MAURIAC",
    "postalCode": "75013",
    "city": "PARIS",
}
PRO = principal("pro")


@pytest.fixture
def subgraph(identity):
    return identity.api


@pytest.mark.parametrize("typed", ["180046252", " 180 046 252 ", "180.046.252"])
async def test_a_pro_reads_name_and_address_whatever_blanks_were_typed(subgraph, typed) -> None:
    assert (await subgraph.data(COMPANY, {"siren": typed}, by=PRO))["company"] == BNF


async def test_an_unknown_company_is_null(subgraph) -> None:
    assert (await subgraph.data(COMPANY, {"siren": "732829320"}, by=PRO))["company"] is None


@pytest.mark.parametrize("typed", ["", "123456789", "18004625", "1800462520", "abc"])
async def test_a_malformed_number_is_bad_input(subgraph, typed) -> None:
    assert await subgraph.error_code(COMPANY, {"siren": typed}, by=PRO) == "BAD_INPUT"


async def test_only_pros_and_the_team_ask(subgraph) -> None:
    asked = {"siren": "180046252"}
    assert await subgraph.error_code(COMPANY, asked) == "UNAUTHENTICATED"
    assert await subgraph.error_code(COMPANY, asked, by=principal("beneficiary")) == "FORBIDDEN"
    assert (await subgraph.data(COMPANY, asked, by=principal("admin")))["company"] == BNF


async def test_nobody_asks_more_than_a_form_needs(subgraph) -> None:
    hasty, other = principal("pro"), principal("pro")
    for _ in range(30):
        await subgraph.data(COMPANY, {"siren": "180046252"}, by=hasty)
    assert await subgraph.error_code(COMPANY, {"siren": "180046252"}, by=hasty) == "TOO_MANY_REQUESTS"
    await subgraph.data(COMPANY, {"siren": "180046252"}, by=other)


async def test_the_states_register_is_asked_where_it_is_named_and_its_absence_is_told(
    open_runtime, open_subgraph, quick_settings, partner: Partner
) -> None:
    runtime = await open_runtime(
        SERVICE,
        **quick_settings,
        company_registry=partner.address,
        outbound_allowed_hosts=f"{partner.host}:{partner.port}",
    )
    subgraph = await open_subgraph(SERVICE, runtime)
    partner.on("/search", json(answered([SAMPLE[0]])))
    assert (await subgraph.data(COMPANY, {"siren": "180046252"}, by=PRO))["company"] == BNF
    assert (await subgraph.data(COMPANY, {"siren": "180046252"}, by=PRO))["company"] == BNF
    assert len(partner.requests) == 1
    partner.on("/search", status(500))
    assert await subgraph.error_code(COMPANY, {"siren": "784396079"}, by=PRO) == "UNAVAILABLE"
