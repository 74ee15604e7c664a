"""One person is one bucket, however many addresses their network gives them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:DB8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nowhere", "nowhere"),
    ],
)
def test_an_ipv6_address_counts_as_its_64(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_64_are_one(address: object, host: int) -> None:
    other = type(address)((int(address) >> 64 << 64) | host)  # type: ignore[call-overload, call-arg]
    assume(address.ipv4_mapped is None and other.ipv4_mapped is None)  # type: ignore[attr-defined]
    assert network_of(str(address)) == network_of(str(other))
