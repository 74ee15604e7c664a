"""The composition root of the catalogue: the only module that knows every layer."""

from pathlib import Path

from catalog.events.handlers import consumed
from catalog.events.published import published
from catalog.settings import CatalogSettings
from chassis.graphql.schema import Subgraph
from chassis.service import Runtime, Service


def _schema(introspection: bool) -> Subgraph:
    from catalog.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[Runtime[CatalogSettings]] = Service(
    name="catalog",
    settings=CatalogSettings,
    runtime=Runtime[CatalogSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    published=lambda runtime: published(runtime.sealer),
    consumed=lambda runtime: consumed(runtime.sealer, runtime.clock),
)
