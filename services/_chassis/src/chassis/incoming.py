"""What every request says of itself, read the same way for GraphQL and for REST."""

from collections.abc import Mapping
from datetime import datetime

from starlette.types import Scope

from chassis.auth import InvalidToken
from chassis.clock import TRAVEL_HEADER, Clock, parse_instant

_TRAVEL = TRAVEL_HEADER.encode()

Headers = Mapping[bytes, bytes]
"""Names in lower case; of a header sent twice, the last."""


class WrongInstant(ValueError):
    """The business clock was asked for an instant that is none; the text says why."""


CLIENT_ADDRESS_HEADER = "x-pass-client-address"
"""Written by the door for every request, whatever the client sent, and handed on by the routers."""


def take_client_address(scope: Scope, headers: Headers, header: str = CLIENT_ADDRESS_HEADER) -> None:
    """Make the scope's client the one that the door saw. No other forwarding header is believed."""
    if address := headers.get(header.encode(), b"").strip().decode("latin-1"):
        scope["client"] = (address, 0)


def client_address(scope: Scope) -> str:
    """Where the request came from; empty when nobody knows."""
    client = scope.get("client")
    return client[0] if client else ""


def bearer(headers: Headers) -> str | None:
    """What is presented as `Authorization: Bearer …`, None when nothing is. Raises InvalidToken on other schemes."""
    authorization = headers.get(b"authorization")
    if authorization is None:
        return None
    scheme, _, presented = authorization.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken
    return presented.strip()


def business_instant(headers: Headers, clock: Clock, *, time_travel: bool) -> datetime:
    """The business clock's instant for this request. Raises WrongInstant."""
    instant = headers.get(_TRAVEL) if time_travel else None
    if not instant:
        return clock.now()
    try:
        return parse_instant(instant.decode("latin-1"))
    except ValueError as error:
        raise WrongInstant(f"{TRAVEL_HEADER}: {error}") from None
