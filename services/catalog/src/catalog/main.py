"""The composition root of the catalogue: the only module that knows every layer."""

from pathlib import Path

from catalog.consumers import person, session
from catalog.consumers.availability import availabilities
from catalog.consumers.booking import bookings
from catalog.consumers.structure import structures
from catalog.messages.offer import published_offers
from catalog.messages.stock import published_stocks
from catalog.messages.venue import published_venues
from catalog.persistence.tables import METADATA
from catalog.settings import CatalogSettings
from chassis.auth import TEAM
from chassis.graphql.schema import Subgraph
from chassis.security_log import Watch
from chassis.service import Runtime, Service


def _schema(introspection: bool) -> Subgraph:
    from catalog.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[Runtime[CatalogSettings]] = Service(
    name="catalog",
    settings=CatalogSettings,
    runtime=Runtime[CatalogSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    watch=Watch(staff=TEAM),
    schema=_schema,
    tables=METADATA,
    published=lambda runtime: (published_venues(runtime.sealer), published_offers(), published_stocks()),
    consumed=lambda runtime: (
        structures(runtime.sealer, runtime.clock),
        availabilities(),
        bookings(),
        person.SUBSCRIPTION,
        session.SUBSCRIPTION,
    ),
)
