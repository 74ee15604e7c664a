"""Client addresses as throttles count them: by what one person is given, not by what they can pick from."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def network_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64: whoever has one address there has all 2^64.

    What is no address stays as it is: it is counted too.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip().strip("[]"))
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return str(found)
    return str(ip_network((int(found), 64), strict=False))
