"""The composition root of booking: the only module that knows every layer."""

from pathlib import Path
from uuid import UUID

from booking.events.handlers import subscriptions
from booking.events.published import published
from booking.jobs import JOBS, TIMETABLE
from booking.mails.compose import composer
from booking.settings import BookingSettings
from chassis.graphql.schema import Subgraph
from chassis.live.hub import LiveTopic
from chassis.service import Runtime, Service


def _schema(introspection: bool) -> Subgraph:
    from booking.api.graphql.schema import subgraph

    return subgraph(introspection)


_OWN_BOOKINGS = LiveTopic("booking.booking.v1", lambda state: [UUID(state["person_id"])])
"""Who may watch a booking: the person whose it is."""

SERVICE: Service[Runtime[BookingSettings]] = Service(
    name="booking",
    settings=BookingSettings,
    runtime=Runtime[BookingSettings],
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    published=published,
    live=lambda _: (_OWN_BOOKINGS,),
    consumed=subscriptions,
    compose_mail=lambda runtime: composer(runtime.settings.public_url),
    jobs=JOBS,
    timetable=TIMETABLE,
)
