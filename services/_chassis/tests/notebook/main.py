from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.auth import TEAM
from chassis.graphql.schema import Subgraph
from chassis.rest import RestApi
from chassis.security_log import Watch
from chassis.service import Runtime, Service
from notebook import events
from notebook.nights import JOBS, TIMETABLE
from notebook.settings import NotebookSettings
from notebook.tables import METADATA

NotebookRuntime = Runtime[NotebookSettings]


def _schema(introspection: bool) -> Subgraph:
    from notebook.schema import build

    return build(introspection)


def _rest() -> RestApi:
    from notebook.rest import API_WITH_BUGS

    return API_WITH_BUGS


def compose_mail(runtime: NotebookRuntime) -> Any:
    async def compose(_: AsyncConnection, kind: str, payload: Mapping[str, Any]) -> EmailMessage | None:
        message = EmailMessage()
        message["To"] = payload.get("to", "lecteur@example.org")
        message["Subject"] = kind
        message.set_content(f"{runtime.settings.public_url}/notes/{payload['note']}")
        return message

    return compose


SERVICE: Service[Any] = Service(
    name="notebook",
    settings=NotebookSettings,
    runtime=Runtime,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    rest=_rest,
    tables=METADATA,
    published=lambda runtime: [events.published()],
    live=lambda runtime: [events.live()],
    consumed=lambda runtime: [events.heard()],
    compose_mail=compose_mail,
    watch=Watch(staff=TEAM, acts=frozenset({"writeNote"})),
    jobs=JOBS,
    timetable=TIMETABLE,
)
