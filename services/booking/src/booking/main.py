"""The composition root of booking: the only module that knows every layer."""

from pathlib import Path

from booking.events.handlers import subscriptions
from booking.events.published import published
from booking.jobs import JOBS
from booking.mails.compose import composer
from booking.settings import BookingSettings
from chassis.graphql.schema import Subgraph
from chassis.service import House, Service


def _schema(introspection: bool) -> Subgraph:
    from booking.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[House[BookingSettings]] = Service(
    name="booking",
    settings=BookingSettings,
    house=House[BookingSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    published=published,
    consumed=subscriptions,
    compose_mail=lambda house: composer(house.settings.public_url),
    jobs=JOBS,
)
