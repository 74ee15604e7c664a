"""The account that pays is never a guess in production."""

import pytest
from pydantic import ValidationError

from chassis.testing import NO_SERVERS
from finance.settings import FinanceSettings

COMMON = {
    **{name: value for name, value in NO_SERVERS.items() if name != "env"},
    "public_url": "https://pass.example",
    "files": "file:///var/lib/pass/files",
}
ACCOUNT = {"debtor_iban": "FR7630006000011234567890189", "debtor_bic": "AGRIFRPP"}


def test_a_demonstration_account_pays_outside_production():
    settings = FinanceSettings(env="development", **COMMON)
    assert settings.debtor_iban.get_secret_value().startswith("FR76")
    assert "FR76" not in repr(settings)


def test_production_names_its_account(inner_tls):
    with pytest.raises(ValidationError, match="PASS_DEBTOR_IBAN and PASS_DEBTOR_BIC are required"):
        FinanceSettings(env="production", **(COMMON | inner_tls("finance")))
    production = COMMON | inner_tls("finance") | ACCOUNT
    assert FinanceSettings(env="production", **production).debtor_bic.get_secret_value() == "AGRIFRPP"


@pytest.mark.parametrize("wrong", [{"debtor_iban": "FR76"}, {"debtor_bic": "X"}])
def test_a_wrong_account_does_not_start(wrong):
    with pytest.raises(ValidationError, match="must be a valid IBAN and BIC"):
        FinanceSettings(env="test", **COMMON, **(ACCOUNT | wrong))


def test_production_says_where_exports_are_kept(inner_tls):
    with pytest.raises(ValidationError, match="PASS_FILES is missing"):
        FinanceSettings(env="production", **(COMMON | inner_tls("finance") | ACCOUNT | {"files": ""}))
