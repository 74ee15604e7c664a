"""The two registers of companies, saying the same: one at hand, one asked over HTTP as the State's API answers."""

from collections.abc import AsyncIterator

import pytest

from chassis.outbound import Outbound
from chassis.outbound.partner import Partner, Received, json
from identity.partners.company_registry import CompanyRegistry
from identity.partners.offline_registry import SAMPLE, OfflineRegistry
from identity.partners.search_api import SearchApi
from search_api_answers import answered


@pytest.fixture
async def search_api(partner: Partner) -> AsyncIterator[SearchApi]:
    """The API's client, before a partner that knows the sample."""

    async def search(received: Received, writer) -> None:
        asked = received.query["q"]
        known = [company for company in SAMPLE if company.siren == asked]
        await json(answered(known))(received, writer)

    partner.on("/search", search)
    outbound = Outbound(partner.rules)
    yield SearchApi(outbound, partner.address)
    await outbound.close()


@pytest.fixture(params=["offline", "search_api"])
def registry(request: pytest.FixtureRequest) -> CompanyRegistry:
    return OfflineRegistry() if request.param == "offline" else request.getfixturevalue("search_api")
