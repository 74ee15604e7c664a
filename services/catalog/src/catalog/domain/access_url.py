"""The web address of a digital offer and its placeholders (domain.md §3.5)."""

import re
from base64 import b32encode
from urllib.parse import urlsplit

import idna

from chassis.text import one_line

MAX_URL_LENGTH = 255

_OTHER_SCHEME = re.compile(r"(?!https?://)[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))", re.IGNORECASE)
"""A scheme that is not http(s) with its two slashes; `site.fr:8080/` is a host and its port."""
_HOST_SIGNS = re.compile(r"[^\s/?#@%<>\"'{}|^`,;!()*+=&$~\[\]]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def humanized(number: int) -> str:
    """A public id of the older interfaces: big-endian bytes in base32, O and I written 8 and 9 (1 → `AE`)."""
    width = max(1, (number.bit_length() + 7) // 8)
    return b32encode(number.to_bytes(width)).decode().rstrip("=").replace("O", "8").replace("I", "9")


def with_scheme(url: str) -> str:
    """The address with `http://` in front when it has no scheme."""
    return url if _SCHEME.match(url) else f"http://{url}"


def completed_url(
    url: str, *, token: str, email: str, offer_id: str, activation_code: str | None = None
) -> str:
    """The address handed out with a booking: every placeholder replaced literally, wherever it stands.

    `{token}` gives the activation code when the booking has one, else the contremarque;
    `offer_id` is the public id, already humanized.
    """
    values = {"{token}": activation_code or token, "{email}": email, "{offerId}": offer_id}
    return with_scheme(re.sub(r"\{(?:token|email|offerId)\}", lambda found: values[found.group()], url))


def is_offer_url(url: str) -> bool:
    """At most 255 visible characters, http or https once completed, to a host with a point in it.

    Refused besides: another scheme whether or not `//` follows it (`mailto:`, `javascript:`), a name before the
    host (`http://bank.fr@evil.fr`), backslashes, which browsers take for slashes, and a host that a placeholder makes.
    """
    if not url or len(url) > MAX_URL_LENGTH or one_line(url) != url or " " in url or "\\" in url:
        return False
    if _OTHER_SCHEME.match(url):
        return False
    example = completed_url(url, token="ABC23F", email="jeune@example.com", offer_id="AE")  # noqa: S106
    try:
        parts = urlsplit(example)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
        return False
    return parts.hostname is not None and _is_host(parts.hostname)


def _is_host(name: str) -> bool:
    """A name of the Internet with a point in it, in letters or in punycode; or an address in numbers."""
    if "." not in name and ":" not in name:
        return False
    try:
        return (
            bool(name.isascii() or idna.encode(name, uts46=True)) and _HOST_SIGNS.fullmatch(name) is not None
        )
    except idna.IDNAError:
        return False
