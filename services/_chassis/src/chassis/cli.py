"""The entry points of every service: `python -m <context> serve | relay | consume | mail | jobs |
schedule | work | migrate | republish | dead-letters | replay | parked-mails | resume-mails | job | schema |
openapi`.

The containers of production and the processes of `./pass up` run the very same ones.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import uvloop

from chassis import migrations, tables
from chassis.clock import parse_instant
from chassis.db import out_of_reach
from chassis.service import Runtime, Service
from chassis.settings import ConfigurationError, ServiceSettings
from chassis.telemetry import configure_logging, frames, log

if TYPE_CHECKING:
    from chassis.live.hub import Live, LiveTopic


def run(service: Service[Any]) -> None:
    """Parse the command line, run the command, exit."""
    arguments = _parser(service).parse_args()
    if arguments.command == "schema":
        from chassis.graphql import print_subgraph

        sys.stdout.write(print_subgraph(service.schema(True)))
        return
    if arguments.command == "openapi":
        if service.rest is not None:
            from chassis.rest import print_openapi

            sys.stdout.write(print_openapi(service.rest()))
        return
    try:
        settings = service.settings.load()
        configure_logging(service.name, settings.log_level)
        if arguments.command == "migrate":
            url, inner = settings.database_url.get_secret_value(), settings.inner()
            tls = None if inner is None else inner.client
            ring, sealer = settings.key_ring(), settings.sealer()
            migrations.upgrade(url, service.migrations, ring, sealer=sealer, tls=tls)
            return
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_perform(service, settings, arguments))
    except ConfigurationError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sys.exit(f"{service.name} {arguments.command}: {_summary(error)}")


def _summary(error: BaseException) -> str:
    """One line on what ended a command, without the error's own text, which may hold values; logged with where."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if out_of_reach(error):
        return f"the database or another server is out of reach ({type(error.__cause__ or error).__name__})"
    log.error("command.failed", error=type(error).__name__, at=frames(error.__traceback__))
    return f"ended by a bug ({type(error).__name__})"


def _parser(service: Service[Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {service.name}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="the subgraph over HTTP")
    commands.add_parser("relay", help="give committed events to Kafka")
    commands.add_parser("consume", help="apply other contexts' events")
    commands.add_parser("mail", help="send the mails that are due")
    commands.add_parser("jobs", help="do the jobs that wait")
    commands.add_parser("schedule", help="ask for the jobs of the timetable as they become due")
    commands.add_parser("work", help="relay, consume, mail, jobs and schedule in one process")
    commands.add_parser("migrate", help="bring the database to the newest revision")
    republish = commands.add_parser("republish", help="tell every aggregate to its topic again")
    republish.add_argument("--topic", help="only this topic")
    republish.add_argument("--since", type=parse_instant, help="only what changed since (ISO 8601)")
    commands.add_parser("dead-letters", help="list the messages set aside")
    commands.add_parser("replay", help="try the dead letters again")
    commands.add_parser("parked-mails", help="list the mails that cannot leave")
    commands.add_parser("resume-mails", help="try the parked mails again, as new ones")
    commands.add_parser("schema", help="print the subgraph's SDL")
    commands.add_parser("openapi", help="print the OpenAPI document of the REST API; nothing without one")
    job = commands.add_parser("job", help="do one job here and now; `job <name> --help` tells its options")
    job.add_argument("name", choices=sorted(service.every_job()), help="which job")
    job.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


async def _perform(service: Service[Any], settings: ServiceSettings, arguments: argparse.Namespace) -> None:
    runtime = service.runtime.build(settings)
    try:
        await _COMMANDS[arguments.command](service, runtime, arguments)
    finally:
        await runtime.close()


async def _serve(service: Service[Any], runtime: Runtime[Any], _: argparse.Namespace) -> None:
    from chassis.auth import TokenVerifier
    from chassis.revocations import Revocations
    from chassis.web import build_app, serve_http

    settings, topics = runtime.settings, service.live(runtime)
    live = _live(settings, topics) if topics else None
    revocations = Revocations(runtime.database)
    verifier = TokenVerifier(service.keys(runtime), revocations)
    subgraph = service.schema(settings.env != "production").with_global_ids()
    app = build_app(
        routes=service.http_routes(runtime, verifier, subgraph, live),
        checks={"database": _database_check(service, runtime)},
        client_address_header=settings.client_address_header,
    )
    log.info("serve.start", port=settings.http_port, env=settings.env)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(revocations.run(stop))
        if live is not None:
            tasks.create_task(live.run(stop))
        try:
            await serve_http(
                app, settings, settings.http_port, on_exit=live.drain if live is not None else _nothing
            )
        finally:
            stop.set()


def _nothing() -> None:
    pass


def _live(settings: ServiceSettings, topics: Sequence[LiveTopic]) -> Live:
    from chassis.live.hub import Live

    return Live(settings, topics)


def _database_check(service: Service[Any], runtime: Runtime[Any]) -> Callable[[], Awaitable[str | None]]:
    wanted = migrations.Wanted.by(service.migrations)

    async def check() -> str | None:
        async with runtime.database.read() as connection:
            return await connection.run_sync(wanted.missing)

    return check


def _roles(service: Service[Any], runtime: Runtime[Any], wanted: Sequence[str]) -> dict[str, Any]:
    """The long-running parts of a worker, by name, leaving out what the service has no use for."""
    roles: dict[str, Any] = {}
    published, consumed = service.published(runtime), service.consumed(runtime)
    if "relay" in wanted and published:
        from chassis.relay import Relay

        passing = [each.topic for each in published if each.passes]
        topics = [each.topic for each in published]
        roles["relay"] = Relay(runtime.database, runtime.settings, topics, passing)
    if "consume" in wanted and consumed:
        from chassis.consumer import Consumer

        roles["consume"] = Consumer(runtime.database, runtime.settings, consumed)
    if "mail" in wanted and service.compose_mail is not None:
        from chassis.mail import Mailer

        roles["mail"] = Mailer(runtime.database, runtime.settings, service.compose_mail(runtime))
    if "jobs" in wanted:
        from chassis.jobs.runner import Runner

        kinds = list(service.every_job().values())
        roles["jobs"] = Runner(runtime.database, runtime.settings, kinds, runtime)
    if "schedule" in wanted:
        from chassis.jobs.scheduler import Scheduler

        roles["schedule"] = Scheduler(runtime.database, runtime.clock, service.whole_timetable())
    return roles


def _wanted(command: str, settings: ServiceSettings) -> Sequence[str]:
    """The roles that a command stands for."""
    if command != "work":
        return (command,)
    return ("relay", "consume", "mail", "jobs", *(["schedule"] if settings.schedule else []))


async def _work(service: Service[Any], runtime: Runtime[Any], arguments: argparse.Namespace) -> None:
    from chassis.web import build_app, serve_http

    roles = _roles(service, runtime, _wanted(arguments.command, runtime.settings))
    checks = {"database": _database_check(service, runtime)}
    if (consumer := roles.get("consume")) is not None:

        async def assigned() -> str | None:
            return None if consumer.ready.is_set() else "no partitions assigned yet"

        checks["consumer"] = assigned

    log.info("work.start", roles=sorted(roles))
    stop = asyncio.Event()
    # A part that dies of a bug ends the process: better started again than seemingly alive.
    async with asyncio.TaskGroup() as tasks:
        for role in roles.values():
            tasks.create_task(role.run(stop))
        try:
            await serve_http(
                build_app(routes=[], checks=checks), runtime.settings, runtime.settings.worker_port
            )
        finally:
            stop.set()


async def _republish(service: Service[Any], runtime: Runtime[Any], arguments: argparse.Namespace) -> None:
    from chassis.republish import republish

    published = [topic for topic in service.published(runtime) if arguments.topic in (None, topic.topic)]
    if not published:
        sys.exit(f"{service.name} does not publish {arguments.topic}")
    for topic, count in (await republish(runtime.database, published, arguments.since)).items():
        sys.stdout.write(f"{topic}: {count} republished\n")


async def _dead_letters(_: Service[Any], runtime: Runtime[Any], __: argparse.Namespace) -> None:
    letters = tables.dead_letters.c
    async with runtime.database.read() as connection:
        rows = await connection.execute(
            sa.select(letters.id, letters.topic, letters.offset, letters.failed_at, letters.reason).order_by(
                letters.id
            )
        )
        for row in rows:
            sys.stdout.write(
                f"{row.id}\t{row.topic}@{row.offset}\t{row.failed_at:%Y-%m-%d %H:%M:%S}\t{row.reason}\n"
            )


async def _replay(service: Service[Any], runtime: Runtime[Any], _: argparse.Namespace) -> None:
    from chassis.consumer import replay

    applied, left = await replay(runtime.database, runtime.settings.producers(), service.consumed(runtime))
    sys.stdout.write(f"{applied} applied, {left} left\n")
    if left:
        sys.exit(1)


async def _parked_mails(_: Service[Any], runtime: Runtime[Any], __: argparse.Namespace) -> None:
    from chassis.mail import PARKED

    async with runtime.database.read() as connection:
        for row in await connection.execute(PARKED):
            sys.stdout.write(f"{row.id}\t{row.kind}\t{row.parked_at:%Y-%m-%d %H:%M:%S}\t{row.failure}\n")


async def _resume_mails(_: Service[Any], runtime: Runtime[Any], __: argparse.Namespace) -> None:
    from chassis.mail import resume_parked

    sys.stdout.write(f"{await resume_parked(runtime.database)} owed again\n")


async def _job(service: Service[Any], runtime: Runtime[Any], arguments: argparse.Namespace) -> None:
    from chassis.jobs.command import perform

    job = service.every_job()[arguments.name]
    report = await perform(runtime, job, f"python -m {service.name}", arguments.arguments)
    sys.stdout.write(f"{report}\n")


_COMMANDS: dict[str, Callable[[Service[Any], Runtime[Any], argparse.Namespace], Awaitable[None]]] = {
    "serve": _serve,
    "relay": _work,
    "consume": _work,
    "mail": _work,
    "jobs": _work,
    "schedule": _work,
    "work": _work,
    "republish": _republish,
    "dead-letters": _dead_letters,
    "replay": _replay,
    "parked-mails": _parked_mails,
    "resume-mails": _resume_mails,
    "job": _job,
}
