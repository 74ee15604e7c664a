"""The address of a digital offer, completed for one booking (domain.md §3.5)."""

import re

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def complete(url: str, *, token: str, email: str, offer_id: str) -> str:
    """All occurrences of `{token}`, `{email}` and `{offerId}` replaced, literally.

    An address without a scheme gets `http://`.
    """
    completed = url.replace("{token}", token).replace("{email}", email).replace("{offerId}", offer_id)
    return completed if _SCHEME.match(completed) else f"http://{completed}"
