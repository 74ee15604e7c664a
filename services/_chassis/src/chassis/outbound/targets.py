"""What address a text asks for, and whether its form, scheme and port are ones that we ask."""

import re
from typing import Final

import httpx

from chassis.outbound.addresses import is_host
from chassis.outbound.errors import TargetRefused
from chassis.outbound.settings import OutboundRules

_PLAIN: Final = re.compile(r"[!-\[\]-~]+")
"""Visible ASCII without the backslash, which browsers read as a slash and others do not."""

_AUTHORITY_END: Final = re.compile(r"[/?#]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 8_000


def target(text: str, rules: OutboundRules) -> httpx.URL:
    """The address to ask. Raises TargetRefused."""
    if len(text) > _LONGEST or not _PLAIN.fullmatch(text):
        raise TargetRefused("not a plain address")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise TargetRefused("not an address") from None
    if url.scheme not in _DEFAULT_PORTS or not url.host:
        raise TargetRefused("neither http nor https")
    if url.userinfo or "@" in _AUTHORITY_END.split(text.partition("://")[2], maxsplit=1)[0]:
        raise TargetRefused("holds a name or a password")
    if not is_host(url.host):
        raise TargetRefused("the host is neither a plain name nor a canonical address")
    if port_of(url) not in rules.ports and not rules.is_allowed(url.host, port_of(url)):
        raise TargetRefused("the port is not one that we ask")
    return url


def port_of(url: httpx.URL) -> int:
    return url.port or _DEFAULT_PORTS[url.scheme]


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, port_of(url)
