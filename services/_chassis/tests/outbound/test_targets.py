import pytest

from chassis.outbound import OutboundRules, TargetRefused
from chassis.outbound.targets import target

RULES = OutboundRules(allowed_hosts=frozenset({"partner.test:8443", "inner.test"}))


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "//example.org/",
        "example.org",
        "",
        "http://",
        "http:///path",
        "http://example.org:22/",
        "https://example.org:8443/",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://@example.org/",
        r"http://a.b\@evil.example/",
        r"http://example.org\.evil.example/",
        "http://example.org:81#@example.org/",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: evil",
        "http://example.org/\t",
        "http://ex\u00e4mple.org/",
        "http://127。0。0。1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1%25lo]/",
        "http://[::1/",
        "http://example.org:99999/",
        "http://example.org:-1/",
        "http://example.org/" + "a" * 8_000,
    ],
)
def test_an_address_of_odd_form_scheme_or_port_is_refused(address: str) -> None:
    with pytest.raises(TargetRefused):
        target(address, RULES)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "http://example.org:80/a?b=c@d",
        "https://example.org?at=@",
        "https://93.184.216.34/",
        "https://[2606:4700:4700::1111]/",
        "https://partner.test:8443/",
        "http://inner.test:1234/",
    ],
)
def test_a_plain_address_on_a_usual_port_or_of_an_allowed_host_is_asked(address: str) -> None:
    host = address.partition("://")[2].partition("/")[0]
    assert target(address, RULES).host in host
