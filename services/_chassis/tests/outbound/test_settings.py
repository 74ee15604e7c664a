"""`PASS_OUTBOUND_…` as an operator writes them."""

from typing import ClassVar

import pytest

from chassis.outbound import OutboundSettings
from chassis.settings import ConfigurationError
from chassis.testing import environment


class _Settings(OutboundSettings):
    context: ClassVar[str] = "notebook"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


def test_without_a_word_only_the_public_internets_usual_ports_are_asked() -> None:
    rules = _Settings.load().outbound_rules()
    assert (rules.ports, rules.allowed_hosts) == ({80, 443}, frozenset())


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASS_OUTBOUND_PORTS", "443, 8443")
    monkeypatch.setenv("PASS_OUTBOUND_ALLOWED_HOSTS_NOTEBOOK", "Partner.test:81,inner")
    rules = _Settings.load().outbound_rules()
    assert rules.ports == {443, 8443}
    assert rules.is_allowed("partner.test", 81)
    assert rules.is_allowed("inner", 5)
    assert not rules.is_allowed("partner.test", 80)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PASS_OUTBOUND_PORTS", "http"),
        ("PASS_OUTBOUND_TOTAL_SECONDS", "0"),
        ("PASS_OUTBOUND_READ_SECONDS", "-1"),
    ],
)
def test_nonsense_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable):
        _Settings.load()
