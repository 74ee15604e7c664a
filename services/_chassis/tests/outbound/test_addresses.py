"""A service connects to the public Internet only, in whatever way an address is written."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.outbound.addresses import is_host, is_public

PRIVATE_V4 = (
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.254", "100.100.100.200", "0.0.0.0", "0.1.2.3"),
    *("192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "192.88.99.1"),
)
PRIVATE_V6 = (
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1"),
    *("100::1", "5f00::1"),
)
PUBLIC = ("93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "64:ff9b::808:808")


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6])
def test_an_address_of_no_public_host_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_a_public_host_is_public(address: str) -> None:
    assert is_public(address)


@given(
    st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"]),
    st.data(),
)
def test_no_translation_into_ipv6_makes_a_private_address_public(network: str, data: st.DataObject) -> None:
    within = IPv4Network(network)
    ip = IPv4Address(data.draw(st.integers(int(within[0]), int(within[-1]))))
    number = int(ip)
    for wrapped in (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address(int(IPv6Address("2002::")) | number << 80),
    ):
        assert not is_public(str(wrapped))


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001", "127.0.0.01"),
        *("1.2.3.4.5", "256.0.0.1", "example.0x7f", "a..b", "", ".", "exam ple", "ex%61mple.org", "-a.org"),
        *(
            "fe80::1%eth0",
            "::1%25lo",
            "Example.org",
            "example.org.",
            "exämple.org",
            "１２７.0.0.1",
            "a" * 254,
        ),
    ],
)
def test_a_host_that_some_resolver_reads_as_something_else_is_none(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize(
    "host", ["example.org", "a-b.example.org", "localhost", "xn--exmple-cua.org", "93.184.216.34", "::1"]
)
def test_plain_names_and_canonical_addresses_are_hosts(host: str) -> None:
    assert is_host(host)
