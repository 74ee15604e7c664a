"""The web address of a digital offer and its placeholders (domain.md §3.5)."""

import re
from base64 import b32encode
from urllib.parse import urlsplit

MAX_URL_LENGTH = 255

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
    """At most 255 characters, http or https once completed, with a host and without blanks."""
    if not url or len(url) > MAX_URL_LENGTH or any(character.isspace() for character in url):
        return False
    example = completed_url(url, token="ABC23F", email="jeune@example.com", offer_id="AE")  # noqa: S106
    try:
        parts = urlsplit(example)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and parts.hostname is not None and "." in parts.hostname
