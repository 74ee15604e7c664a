"""An endpoint as data: what it takes, whom it serves, what it may answer, and who does it."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypeVar

from chassis import idempotency
from chassis.auth import Principal
from chassis.incoming import Headers
from chassis.refusals import Refusal
from chassis.rest import conditional
from chassis.rest.callers import Caller, Scheme
from chassis.rest.models import Nothing, Paging
from chassis.rest.problems import TITLES, forbidden

P = TypeVar("P", bound=BaseModel, default=Nothing)
Q = TypeVar("Q", bound=BaseModel, default=Nothing)
B = TypeVar("B", bound=BaseModel, default=Nothing)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

_PARAMETER = re.compile(r"\{(\w+)\}")
_READS = frozenset({"GET"})
_CARRIES_BODY = frozenset({"POST", "PUT", "PATCH"})


class Identified(Protocol):
    """A record of persistence."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How often one caller, or one address where anybody may call, may ask within a fixed window."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `etag` is a quoted strong tag, `next_cursor` leads to the next page of a list."""

    body: BaseModel | None = None
    status: int = 200
    etag: str | None = None
    next_cursor: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal with a status other than the declared one, or with extension members of its own."""

    refusal: Refusal
    status: int | None = None
    members: Mapping[str, Any] = field(default_factory=dict)


Outcome = Answer | Refused | Refusal


@dataclass(frozen=True, slots=True)
class Call(Generic[P, Q, B]):
    """One request, read and recognised."""

    operation: str
    path: P
    query: Q
    body: B
    caller: Caller | None
    """None only where the endpoint serves anybody."""
    now: datetime
    """The business clock's instant for this request, aware, UTC."""
    client_address: str
    runtime: Any
    headers: Headers
    idempotency_key: UUID | None
    """Of endpoints that are idempotent, which refuse a request without one."""

    def principal(self, *roles: str) -> Principal:
        """The signed-in person, who has one of `roles` where some are named. Raises Problem FORBIDDEN."""
        person = self.caller.principal if self.caller is not None else None
        if person is None or (roles and person.roles.isdisjoint(roles)):
            forbidden()
        return person

    def must_match(self, etag: str | None) -> None:
        """See `conditional.must_match`: before a change, of what stands now."""
        conditional.must_match(self.headers, etag)

    async def once(
        self, work: Callable[[AsyncConnection], Awaitable[Identified | Refusal]]
    ) -> UUID | Refusal:
        """The id of what `work` made or changed, also when the same Idempotency-Key is sent again; or why not.

        `work` is a use case, given the connection of one transaction. A refusal has no effect, is not
        remembered, and may be asked again with the same key. Raises IdempotencyConflict when the key was
        used for something else, which is answered as such.
        """
        key = self.idempotency_key
        assert key is not None, f"{self.operation} is not declared idempotent"
        asked = {
            "path": self.path.model_dump(mode="json"),
            "query": self.query.model_dump(mode="json"),
            "body": self.body.model_dump(mode="json"),
        }

        async def transaction(connection: AsyncConnection) -> dict[str, Any] | Refusal:
            async def id_of_work() -> dict[str, Any] | Refusal:
                made = await work(connection)
                return made if isinstance(made, Refusal) else {"id": str(made.id)}

            return await idempotency.once(
                connection,
                actor=idempotency.ANONYMOUS if self.caller is None else self.caller.id,
                key=key,
                operation=self.operation,
                request=asked,
                work=id_of_work,
            )

        answer = await self.runtime.database.run(transaction)
        return answer if isinstance(answer, Refusal) else UUID(answer["id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Generic[P, Q, B]):
    """One method of one path. What it may answer beyond what is declared here follows from the rest:
    401 of an endpoint with schemes, 413 of one with a body, 422 of an idempotent one (see `openapi`).
    """

    method: Method
    path: str
    """As the door publishes it, parameters in braces: `/v2/things/{thingId}`."""
    operation: str
    """Its name in the contract, in the log and among idempotency keys."""
    summary: str
    """One French line."""
    description: str = ""
    handle: Callable[[Call[P, Q, B]], Awaitable[Outcome]]
    answers: Mapping[int, type[BaseModel] | None]
    """Model of each success, None where there is no body."""
    refusals: Mapping[type[Refusal], int] = field(default_factory=dict)
    schemes: Collection[Scheme] = ()
    """Whom it serves; nobody in particular: anybody."""
    path_model: type[P] = Nothing  # type: ignore[assignment]  # the default of P
    query_model: type[Q] = Nothing  # type: ignore[assignment]
    body_model: type[B] = Nothing  # type: ignore[assignment]
    limit: RateLimit | None = None
    is_idempotent: bool = False
    """Takes an `Idempotency-Key`, and `Call.once` honours it."""
    has_etag: bool = False
    """A read gives a tag and honours `If-None-Match`; a change calls `Call.must_match`."""
    max_body_bytes: int = 64 * 1024

    def __post_init__(self) -> None:
        fields = self.path_model.model_fields.items()
        named = {info.alias or name for name, info in fields}
        wrong = [
            (set(_PARAMETER.findall(self.path)) != named, "the path's parameters are those of its model"),
            (self.takes_body and self.method not in _CARRIES_BODY, f"a {self.method} carries no body"),
            (self.is_idempotent and self.method in _READS, "a read needs no idempotency key"),
            (any(not 200 <= status < 300 for status in self.answers), "answers are successes"),
            (not self.answers, "there is an answer"),
            (
                any(status not in TITLES for status in self.refusals.values()),
                "a refusal's status has a title",
            ),
        ]
        for is_wrong, rule in wrong:
            if is_wrong:
                raise ValueError(f"{self.operation}: {rule}")

    @property
    def takes_body(self) -> bool:
        return self.body_model is not Nothing

    @property
    def is_read(self) -> bool:
        return self.method in _READS

    @property
    def is_list(self) -> bool:
        return issubclass(self.query_model, Paging)
