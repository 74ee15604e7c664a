from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.graphql.schema import Subgraph
from chassis.service import House, Service
from notebook import events
from notebook.settings import NotebookSettings

CANARY = "canari-9f31@example.org"
"""Must never be seen in an answer or a log."""

NotebookHouse = House[NotebookSettings]


def _schema(introspection: bool) -> Subgraph:
    from notebook.schema import build

    return build(introspection)


def compose_mail(house: NotebookHouse) -> Any:
    async def compose(_: AsyncConnection, kind: str, payload: Mapping[str, Any]) -> EmailMessage | None:
        message = EmailMessage()
        message["To"] = payload.get("to", "lecteur@example.org")
        message["Subject"] = kind
        message.set_content(f"{house.settings.public_url}/notes/{payload['note']}")
        return message

    return compose


async def _count(house: NotebookHouse, arguments: Any) -> str:
    return f"{len(arguments)} arguments"


async def _fail(_: NotebookHouse, __: Any) -> str:
    raise ValueError(CANARY)


SERVICE: Service[Any] = Service(
    name="notebook",
    settings=NotebookSettings,
    house=House,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    published=lambda house: [events.published()],
    consumed=lambda house: [events.told()],
    compose_mail=compose_mail,
    jobs={"count": _count, "fail": _fail},
)
