"""The composition root of booking: the only module that knows every layer."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from booking.consumers.subscriptions import subscriptions
from booking.jobs import auto_use, expire, warn
from booking.mails.compose import composer
from booking.messages import availability, booking
from booking.persistence.tables import METADATA
from booking.runtime import BookingRuntime
from booking.settings import BookingSettings
from chassis.auth import TEAM
from chassis.graphql.schema import Subgraph
from chassis.live.hub import LiveTopic
from chassis.security_log import Watch
from chassis.service import Service

if TYPE_CHECKING:
    from chassis.rest import RestApi


def _schema(introspection: bool) -> Subgraph:
    from booking.api.graphql.schema import subgraph

    return subgraph(introspection)


_OWN_BOOKINGS = LiveTopic(booking.TOPIC, lambda state: [UUID(state["person_id"])])
"""Who may watch a booking: the person whose it is."""


def _rest() -> "RestApi":
    from booking.api.rest.api import API

    return API


SERVICE: Service[BookingRuntime] = Service(
    name="booking",
    settings=BookingSettings,
    runtime=BookingRuntime,
    migrations=Path(__file__).parents[2] / "migrations",
    schema=_schema,
    rest=_rest,
    routes=lambda runtime: [runtime.qr_codes.route()],
    tables=METADATA,
    published=lambda runtime: (booking.published(runtime.sealer), availability.published()),
    live=lambda _: (_OWN_BOOKINGS,),
    consumed=subscriptions,
    compose_mail=lambda runtime: composer(runtime.settings.public_url),
    watch=Watch(staff=TEAM),
    jobs=(auto_use.AUTO_USE, expire.EXPIRE, warn.WARN),
    timetable=(auto_use.EVERY_NIGHT, expire.EVERY_NIGHT, warn.EVERY_NIGHT),
)
