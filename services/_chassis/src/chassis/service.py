"""A service as data: what `main.py` of each context declares and the chassis runs.

Each process imports only what its command needs: a worker starts without the GraphQL layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import sqlalchemy as sa

from chassis.clock import Clock, SystemClock
from chassis.db import Database
from chassis.networks import network_of
from chassis.sealed import Sealer
from chassis.security_log import SecurityLog, Watch
from chassis.settings import ServiceSettings

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.routing import BaseRoute

    from chassis import mail
    from chassis.auth import Keys, TokenVerifier
    from chassis.consumer import Subscription
    from chassis.graphql.schema import Subgraph
    from chassis.jobs import Job, Row
    from chassis.live.hub import Live, LiveTopic
    from chassis.outbox import Published
    from chassis.rest import RestApi

S = TypeVar("S", bound=ServiceSettings)


@dataclass(slots=True)
class Runtime(Generic[S]):
    """What the parts of one service share while it runs; a context may add to it by subclassing."""

    settings: S
    database: Database
    sealer: Sealer
    clock: Clock

    @classmethod
    def build(cls, settings: S, clock: Clock | None = None) -> Self:
        tls = settings.inner()
        return cls(
            settings=settings,
            database=Database(
                settings.database_url.get_secret_value(),
                settings.key_ring(),
                pool_size=settings.database_pool,
                application=settings.context,
                tls=None if tls is None else tls.client,
            ),
            sealer=settings.sealer(),
            clock=clock or SystemClock(),
        )

    def place_of(self, address: str) -> str:
        """What stands for a client's network in counts and logs: keyed, nobody reads the address in it."""
        return self.sealer.pseudonym(network_of(address))

    async def close(self) -> None:
        await self.database.close()


H = TypeVar("H", bound=Runtime[Any])


def _nothing(_: Any) -> tuple[()]:
    return ()


def _identitys_keys(runtime: Runtime[Any]) -> Keys:
    from chassis.auth import RemoteKeys

    return RemoteKeys(runtime.settings.jwks_url, runtime.settings.inner())


@dataclass(frozen=True, slots=True)
class Service(Generic[H]):
    """One bounded context: its database, its subgraph, its events, its jobs."""

    name: str
    settings: type[ServiceSettings]
    runtime: type[H]
    migrations: Path
    schema: Callable[[bool], Subgraph]
    """`schema(introspection)`; imports the GraphQL layer only when called: workers do without it."""
    tables: sa.MetaData = field(default_factory=sa.MetaData)
    """Those of the context; what is sealed in them, `reseal` can seal anew."""
    published: Callable[[H], Sequence[Published]] = _nothing
    consumed: Callable[[H], Sequence[Subscription[Any]]] = _nothing
    compose_mail: Callable[[H], mail.Compose] | None = None
    rest: Callable[[], RestApi] | None = None
    """Imports the REST layer only when called, as `schema` does GraphQL."""
    routes: Callable[[H], Sequence[BaseRoute]] = _nothing
    keys: Callable[[H], Keys] = field(default=_identitys_keys)
    live: Callable[[H], Sequence[LiveTopic]] = _nothing
    """What of its own topics its clients may watch."""
    watch: Watch = field(default_factory=Watch)
    """Of what its security log keeps a line, besides those who were not let in."""
    jobs: Sequence[Job] = ()
    timetable: Sequence[Row] = ()
    """When which jobs are done by themselves. The chassis' own come on top: `every_job`, `whole_timetable`."""

    def every_job(self) -> Mapping[str, Job]:
        """By name."""
        from chassis.prune import PRUNE
        from chassis.reseal import reseal

        jobs = {job.name: job for job in (*self.jobs, PRUNE, reseal(self.tables))}
        if len(jobs) < len(self.jobs) + 2 or any(row.job not in jobs.values() for row in self.timetable):
            raise ValueError(
                f"{self.name}: two jobs have one name, or the timetable has one that is not listed"
            )
        return jobs

    def whole_timetable(self) -> Sequence[Row]:
        from chassis.prune import NIGHTLY

        return (*self.timetable, NIGHTLY)

    def http_routes(
        self, runtime: H, verifier: TokenVerifier, subgraph: Subgraph, live: Live | None
    ) -> Sequence[BaseRoute]:
        """Everything that `serve` answers: the subgraph, fed by `live`, routes of its own, the REST API."""
        from starlette.routing import Route

        from chassis.graphql.view import GraphQLView

        security = SecurityLog(self.watch, runtime.place_of)
        view = GraphQLView(
            subgraph,
            runtime=runtime,
            verifier=verifier,
            clock=runtime.clock,
            time_travel=runtime.settings.time_travel,
            live=live,
            security=security,
        )
        rest = () if self.rest is None else self.rest().routes(runtime, verifier, security)
        return [Route("/graphql", view, methods=["POST"]), *self.routes(runtime), *rest]
