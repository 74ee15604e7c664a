"""Finance, put together."""

from pathlib import Path

from chassis.graphql.schema import Subgraph
from chassis.service import Service
from finance.events.handlers import SUBSCRIPTIONS
from finance.events.published import PUBLISHED
from finance.house import FinanceHouse
from finance.jobs import close_fortnight
from finance.settings import FinanceSettings


def _schema(introspection: bool) -> Subgraph:
    from finance.api.graphql.schema import schema

    return schema(introspection)


SERVICE: Service[FinanceHouse] = Service(
    name="finance",
    settings=FinanceSettings,
    house=FinanceHouse,
    migrations=Path(__file__).resolve().parents[2] / "migrations",
    schema=_schema,
    published=lambda _: PUBLISHED,
    consumed=lambda _: SUBSCRIPTIONS,
    jobs={"close-fortnight": close_fortnight.run},
)
