"""The composition root of the catalogue: the only module that knows every layer."""

from pathlib import Path

from catalog.events.handlers import consumed
from catalog.events.published import published
from catalog.settings import CatalogSettings
from chassis.graphql.schema import Subgraph
from chassis.service import House, Service


def _schema(introspection: bool) -> Subgraph:
    from catalog.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[House[CatalogSettings]] = Service(
    name="catalog",
    settings=CatalogSettings,
    house=House[CatalogSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    published=lambda house: published(house.sealer),
    consumed=lambda house: consumed(house.sealer, house.clock),
)
