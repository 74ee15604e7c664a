"""Any day of business can be played again: the credit is that day's. Never in production."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from booking.settings import BookingSettings
from catalog.settings import CatalogSettings
from chassis.settings import CommonSettings, ConfigurationError
from chassis.testing import environment
from finance.settings import FinanceSettings
from identity.settings import IdentitySettings
from local_platform.demo.acting import bookings
from local_platform.demo.story.cast import YoungPerson
from local_platform.demo.story.scene import Scene
from local_platform.platform.platform import Platform
from search.settings import SearchSettings

pytestmark = pytest.mark.platform

DAYS = {
    "2019": (datetime(2019, 9, 16, 10, tzinfo=UTC), "GRANT_18_V1", 50_000),
    "2022": (datetime(2022, 3, 14, 10, tzinfo=UTC), "GRANT_18_V2", 30_000),
    "today": (None, "GRANT_17_18", 15_000),
}


@pytest.mark.parametrize("day", DAYS)
def test_an_18_year_old_gets_what_the_day_gives(day: str, scene: Scene) -> None:
    moment, kind, cents = DAYS[day]
    person = YoungPerson.of_age(18, (moment or scene.now).date())
    session, grant = scene.becomes_beneficiary(person, moment)
    assert (grant["kind"], grant["amountCents"]) == (kind, cents)
    wallet = scene.soon(
        lambda: bookings.wallet(scene.client, session), lambda wallet: wallet is not None, "Booking knows."
    )
    assert wallet is not None
    assert wallet["remainingCents"] == cents


def test_an_old_credit_is_worth_nothing_today(scene: Scene) -> None:
    moment, _, _ = DAYS["2022"]
    assert moment is not None
    session, _ = scene.becomes_beneficiary(YoungPerson.of_age(18, moment.date()), moment)
    wallet = scene.soon(
        lambda: bookings.wallet(scene.client, session.on(None)),
        lambda wallet: wallet is not None,
        "It knows.",
    )
    assert wallet is not None
    assert wallet["remainingCents"] == 0


SETTINGS: tuple[type[CommonSettings], ...] = (
    IdentitySettings,
    CatalogSettings,
    SearchSettings,
    BookingSettings,
    FinanceSettings,
)

PRODUCTION = {
    "PASS_ENV": "production",
    "PASS_DEBTOR_IBAN_FINANCE": "FR1420041010050500013M02606",
    "PASS_DEBTOR_BIC_FINANCE": "PSSTFRPPPAR",
    "PASS_COMPANY_REGISTRY_IDENTITY": "https://registre.example/search",
}


@pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.context)
def test_production_does_not_start_with_a_clock_that_can_be_moved(
    kind: type[CommonSettings],
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    inner_tls: Callable[[str], Mapping[str, str]],
) -> None:
    for name, value in platform.settings_of(kind.context).items():
        monkeypatch.setenv(name, value)
    for name, value in (PRODUCTION | environment(inner_tls(kind.context))).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match="PASS_TIME_TRAVEL must be off in production"):
        kind.load()
    monkeypatch.setenv("PASS_TIME_TRAVEL", "false")
    assert not kind.load().time_travel
