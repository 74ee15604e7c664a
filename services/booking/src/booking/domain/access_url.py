"""The address of a digital offer, completed for one booking (domain.md §3.5)."""

import re

_PLACEHOLDER = re.compile(r"\{(?:token|email|offerId)\}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def complete(url: str, *, token: str, email: str, offer_id: str) -> str:
    """All occurrences of `{token}`, `{email}` and `{offerId}` replaced, literally, in one pass: what a value brings in
    is not read again. An address without a scheme gets `http://`.
    """
    values = {"{token}": token, "{email}": email, "{offerId}": offer_id}
    completed = _PLACEHOLDER.sub(lambda found: values[found.group()], url)
    return completed if _SCHEME.match(completed) else f"http://{completed}"
