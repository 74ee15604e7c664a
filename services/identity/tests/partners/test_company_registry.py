"""What any register of companies does, whoever keeps it."""

import pytest

from identity.domain.company_numbers import is_siren
from identity.partners.company_registry import CompanyRegistry
from identity.partners.offline_registry import SAMPLE


@pytest.mark.parametrize("company", SAMPLE, ids=lambda company: company.siren)
async def test_a_known_company_is_found_as_it_is(registry: CompanyRegistry, company) -> None:
    assert await registry.find(company.siren) == company


async def test_an_unknown_company_is_none(registry: CompanyRegistry) -> None:
    assert await registry.find("732829320") is None


async def test_a_company_that_ceased_is_told_so(registry: CompanyRegistry) -> None:
    ceased = [company for company in SAMPLE if not company.is_active]
    assert [(await registry.find(company.siren)).is_active for company in ceased] == [False]


def test_the_sample_is_of_well_formed_numbers() -> None:
    assert all(is_siren(company.siren) for company in SAMPLE)
    assert len({company.siren for company in SAMPLE}) == len(SAMPLE)
