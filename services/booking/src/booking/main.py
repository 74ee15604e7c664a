"""The composition root of booking: the only module that knows every layer."""

from pathlib import Path

from booking.events.handlers import subscriptions
from booking.events.published import published
from booking.jobs import JOBS, TIMETABLE
from booking.mails.compose import composer
from booking.settings import BookingSettings
from chassis.graphql.schema import Subgraph
from chassis.service import Runtime, Service


def _schema(introspection: bool) -> Subgraph:
    from booking.api.graphql.schema import subgraph

    return subgraph(introspection)


SERVICE: Service[Runtime[BookingSettings]] = Service(
    name="booking",
    settings=BookingSettings,
    runtime=Runtime[BookingSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    published=published,
    consumed=subscriptions,
    compose_mail=lambda runtime: composer(runtime.settings.public_url),
    jobs=JOBS,
    timetable=TIMETABLE,
)
