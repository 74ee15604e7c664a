"""A register is asked once a day about a company; while it is away, its last answer will do."""

from datetime import timedelta

import pytest

from chassis.clock import FixedClock
from chassis.testing import TODAY
from identity.partners.company_registry import RegistryUnavailable
from identity.partners.offline_registry import SAMPLE
from identity.partners.remembered_registry import RememberedRegistry

COMPANY = SAMPLE[0]


class Register:
    def __init__(self) -> None:
        self.companies = {COMPANY.siren: COMPANY}
        self.asked: list[str] = []
        self.is_away = False

    async def find(self, siren: str):
        self.asked.append(siren)
        if self.is_away:
            raise RegistryUnavailable
        return self.companies.get(siren)


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(TODAY)


@pytest.fixture
def remembered(register: Register, clock: FixedClock) -> RememberedRegistry:
    return RememberedRegistry(register, clock)


async def test_a_company_is_asked_for_once_a_day(remembered, register, clock) -> None:
    for _ in range(3):
        assert await remembered.find(COMPANY.siren) == COMPANY
    assert len(register.asked) == 1
    clock.instant += timedelta(days=1)
    await remembered.find(COMPANY.siren)
    assert len(register.asked) == 2


async def test_a_company_that_was_missing_is_looked_for_again_soon(remembered, register, clock) -> None:
    register.companies = {}
    assert await remembered.find(COMPANY.siren) is None
    register.companies = {COMPANY.siren: COMPANY}
    assert await remembered.find(COMPANY.siren) is None
    clock.instant += timedelta(minutes=10)
    assert await remembered.find(COMPANY.siren) == COMPANY


async def test_while_the_register_is_away_its_last_answer_will_do(remembered, register, clock) -> None:
    await remembered.find(COMPANY.siren)
    register.is_away = True
    clock.instant += timedelta(days=30)
    assert await remembered.find(COMPANY.siren) == COMPANY
    with pytest.raises(RegistryUnavailable):
        await remembered.find(SAMPLE[1].siren)


async def test_what_was_asked_longest_ago_is_forgotten(remembered, register, monkeypatch) -> None:
    monkeypatch.setattr("identity.partners.remembered_registry._MOST", 2)
    for siren in ("1", "2", "3", "1"):
        await remembered.find(siren)
    assert register.asked == ["1", "2", "3", "1"]
