"""Which addresses of the Internet a service may connect to: public ones, whatever they are written in.

Pure. The check is made on the address that is connected to, never on a name: a name may answer
differently the next time.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_NOT_PUBLIC_BY_USE: Final = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocols' own; some clouds keep their metadata there
        "192.88.99.0/24",  # the former 6to4 relays
        "fec0::/10",  # site-local, deprecated and still routed by some
        "5f00::/16",  # segment routing inside one operator
        "3fff::/20",  # documentation
    )
)
_SIX_TO_FOUR: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_IPV4_COMPATIBLE: Final = IPv6Network("::/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")

_NUMERIC_LABEL: Final = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to a host of the public Internet.

    Not loopback, private, link-local (where clouds keep their metadata), unique-local, carrier-grade
    NAT, multicast, reserved; nor an IPv6 address that leads to such an IPv4 one.
    Raises ValueError when it is no numeric address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.scope_id is not None:
            return False
        within = _ipv4_within(ip)
        if within is not None:
            return _is_global(within)
        if ip in _TEREDO or ip in _LOCAL_NAT64:
            return False
    return _is_global(ip)


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    if ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        return False
    return ip.is_global and not any(ip in network for network in _NOT_PUBLIC_BY_USE)


def _ipv4_within(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to `ip` end at, through one translation or another."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _SIX_TO_FOUR:
        return ip.sixtofour
    if ip in _NAT64 or ip in _IPV4_COMPATIBLE:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return None


def is_host(host: str) -> bool:
    """Whether `host` is a canonical numeric address or a plain name: ASCII, lower case, no final dot.

    Names that some resolvers read as numbers (`127.1`, `0x7f.0.0.1`, `2130706433`, `0177.0.0.1`)
    are neither.
    """
    if ":" in host:
        return _is_numeric(host)
    labels = host.split(".")
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        return _is_numeric(host)
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _is_numeric(host: str) -> bool:
    try:
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return False
