"""What a resolver knows about the request it serves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from chassis.auth import Principal
from chassis.graphql.errors import ApiError, ErrorCode
from chassis.telemetry import request_id


@dataclass(slots=True)
class Context:
    """One per request."""

    runtime: Any
    """The service's dependencies, as its `open` made them."""
    now: datetime
    """The business clock's instant for this request, aware, UTC."""
    principal: Principal | None
    """None for anonymous requests; a bad token never gets here."""
    client_address: str
    costly_left: int = 1
    """How many more costly things this request may ask for, see `spend`."""
    live: Any = None
    """The process's `chassis.live.hub.Live`, where the service has something to watch."""
    loaders: dict[Any, Any] = field(default_factory=dict)
    """The request's DataLoaders by what they read with, made on first use by `chassis.graphql.load`."""
    subjects: list[UUID] = field(default_factory=list)
    """Whom the request turned out to be about, for the security log: who signs in is named by no argument."""

    @property
    def request_id(self) -> str:
        """What the caller named this request, else its trace id."""
        return request_id.get()

    @property
    def db(self) -> Any:
        return self.runtime.database


Info = strawberry.Info[Context, None]


def require_person(info: Info) -> Principal:
    """The signed-in person. Raises ApiError UNAUTHENTICATED."""
    principal = info.context.principal
    if principal is None:
        raise ApiError(ErrorCode.UNAUTHENTICATED, "Connectez-vous pour continuer.")
    return principal


def require(info: Info, *roles: str) -> Principal:
    """The signed-in person, who has one of `roles`. Raises ApiError UNAUTHENTICATED or FORBIDDEN."""
    principal = require_person(info)
    if principal.roles.isdisjoint(roles):
        raise ApiError(ErrorCode.FORBIDDEN, "Votre compte ne permet pas cette action.")
    return principal


def spend(info: Info) -> None:
    """Called first by what costs much (a password's hash, a mail): one such thing a request.

    Twenty aliases of one mutation are twenty sign-ups in one request, which no throttle of requests
    sees. Raises ApiError LIMIT_EXCEEDED.
    """
    if info.context.costly_left < 1:
        raise ApiError(ErrorCode.LIMIT_EXCEEDED, "Une seule action de ce genre par requête.")
    info.context.costly_left -= 1
