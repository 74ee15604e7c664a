"""`python -m <context> …`, as containers and people run it: what it does, says and answers with."""

import asyncio
import json
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import structlog
from notebook import notes as usecases
from notebook.broker import signed
from notebook.main import SERVICE
from notebook.nights import CANARY
from notebook.process import COMPLETE, run, start
from notebook.tables import copies

from chassis import tables
from chassis.cli import run as run_here
from chassis.db import Database
from chassis.graphql import print_subgraph
from chassis.ids import new_id
from chassis.rest import print_openapi
from chassis.service import Runtime
from chassis.testing import TODAY
from local_platform.testing import KafkaServer


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str | int | None]:
    """`command("migrate")` runs it in this process, completely configured, and gives what it exits with."""
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("chassis.cli.configure_logging", lambda *_: None)

    def perform(*arguments: str) -> str | int | None:
        monkeypatch.setattr("sys.argv", ["notebook", *arguments])
        try:
            run_here(SERVICE)
        except SystemExit as end:
            return end.code
        return None

    return perform


@pytest.mark.servers  # a process of its own costs a second
async def test_the_schema_is_printed_without_any_configuration() -> None:
    code, out, err = await run("schema", PASS_KAFKA=None, PASS_DATABASE_URL=None, PASS_SEALING_KEY=None)
    assert (code, err) == (0, "")
    assert out == print_subgraph(SERVICE.schema(True))


def test_the_openapi_document_is_printed_and_nothing_without_a_rest_api(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("openapi") is None
    assert SERVICE.rest is not None
    assert capsys.readouterr().out == print_openapi(SERVICE.rest())
    monkeypatch.setattr(f"{__name__}.SERVICE", replace(SERVICE, rest=None))
    assert command("openapi") is None
    assert capsys.readouterr().out == ""


MISSING = (
    "notebook: the configuration is not complete\n"
    "  PASS_SEALING_KEY: is missing (32 bytes, base64; seals personal data inside events)"
)


@pytest.mark.servers
async def test_a_missing_setting_is_one_sentence_and_a_failure() -> None:
    assert await run("relay", PASS_SEALING_KEY=None) == (1, "", MISSING + "\n")


@pytest.mark.parametrize(
    "name",
    [
        "serve",
        "relay",
        "consume",
        "mail",
        "jobs",
        "schedule",
        "work",
        "migrate",
        "republish",
        "dead-letters",
        "replay",
    ],
)
def test_no_command_begins_with_a_setting_missing(
    name: str, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PASS_SEALING_KEY")
    assert command(name) == MISSING


@pytest.mark.parametrize(
    "name", ["migrate", "republish", "dead-letters", "replay", "parked-mails", "resume-mails"]
)
def test_a_database_out_of_reach_is_one_sentence_and_a_failure(
    name: str, command: Callable[..., Any]
) -> None:
    assert command(name) == (
        f"notebook {name}: the database or another server is out of reach (ConnectionRefusedError)"
    )


@pytest.mark.parametrize(
    "arguments", [["dance"], [], ["job", "unknown"], ["republish", "--since", "yesterday"]], ids=str
)
def test_an_unknown_command_job_or_date_is_refused(
    arguments: list[str], command: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*arguments) == 2
    assert "usage: python -m notebook" in capsys.readouterr().err


@pytest.mark.servers
def test_a_job_says_what_it_did_and_is_kept(
    command: Callable[..., Any],
    runtime: Runtime[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    assert command("job", "count", "--up-to", "2", "--slowly", "yes") is None
    assert capsys.readouterr().out.endswith("2 counted slowly\n")
    assert asyncio.run(_jobs(url(runtime))) == [("count", "succeeded")]


@pytest.mark.servers
def test_a_job_with_personal_arguments_is_done_and_not_kept(
    command: Callable[..., Any],
    runtime: Runtime[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    assert command("job", "whisper", "--up-to", "2") is None
    assert capsys.readouterr().out.endswith("2 counted\n")
    assert asyncio.run(_jobs(url(runtime))) == []


@pytest.mark.servers
def test_a_job_that_fails_says_so_without_the_errors_text_and_is_tried_again_by_a_worker(
    command: Callable[..., Any], runtime: Runtime[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    with structlog.testing.capture_logs() as logged:
        assert command("job", "fail") == "fail: ValueError; a worker will try it again"
        assert command("job", "refuse") == "Une autre note s'appelle déjà « Liste »."
    assert [line["event"] for line in logged][:2] == ["security", "job.failed"]
    assert (logged[0]["kind"], logged[0]["acts"]) == ("job", ["fail"])
    assert CANARY not in str(logged)
    assert asyncio.run(_jobs(url(runtime))) == [("fail", "queued"), ("refuse", "failed")]


@pytest.mark.servers
def test_every_service_prunes(
    command: Callable[..., Any],
    runtime: Runtime[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    assert command("job", "prune") is None
    assert "idempotency_keys: 0 forgotten" in capsys.readouterr().out
    assert [row.name for row in SERVICE.whole_timetable()] == ["nightly-count", "prune"]


async def _jobs(address: str) -> list[tuple[str, str]]:
    database = Database(address, pool_size=1)
    async with database.read() as connection:
        rows = await connection.execute(
            sa.select(tables.jobs.c.kind, tables.jobs.c.state).order_by(tables.jobs.c.id)
        )
        found = [(row.kind, row.state) for row in rows]
    await database.close()
    return found


def test_a_topic_that_is_not_ours_is_not_republished(command: Callable[..., Any]) -> None:
    assert command("republish", "--topic", "other.thing.v1") == "notebook does not publish other.thing.v1"


@pytest.mark.servers
async def test_a_process_is_ready_once_its_database_is_migrated(runtime: Runtime[Any]) -> None:
    await runtime.database.run(lambda connection: connection.exec_driver_sql("DELETE FROM alembic_version"))
    process, port = await serving(runtime)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert "run migrate" in answer.json()["problems"]["database"]
        await runtime.database.run(
            lambda connection: connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0002')")
        )
        assert (await client.get("/readyz")).status_code == 200
    process.terminate()
    assert await process.wait() == 0


@pytest.mark.servers
async def test_a_request_in_flight_is_answered_before_the_process_ends(runtime: Runtime[Any]) -> None:
    process, port = await serving(runtime)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        slow = asyncio.create_task(client.post("/graphql", json={"query": "{slow(seconds: 0.6)}"}))
        await asyncio.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert (await slow).json() == {"data": {"slow": "done"}}
    assert await process.wait() == 0
    with pytest.raises(httpx.ConnectError):
        await httpx.AsyncClient().get(f"http://127.0.0.1:{port}/healthz")


@pytest.mark.servers
async def test_a_worker_relays_consumes_and_mails_until_it_is_told_to_stop(
    runtime: Runtime[Any], kafka_server: KafkaServer
) -> None:
    process, port = await listening(
        "work", PASS_DATABASE_URL=url(runtime), PASS_KAFKA=kafka_server.bootstrap, PASS_SMTP="127.0.0.1:1"
    )
    title = f"note {new_id()}"
    await runtime.database.run(partial(usecases.write, title=title, price_cents=0, now=TODAY))

    async def is_done() -> bool:
        async with runtime.database.read() as connection:
            copied = await connection.scalar(sa.select(copies.c.id).where(copies.c.title == title))
            postponed = await connection.scalar(sa.select(tables.outgoing_mails.c.failure))
            left = await connection.scalar(sa.select(tables.outbox.c.id))
        return (copied is not None, postponed, left) == (True, "SMTPConnectError", None)

    async with asyncio.timeout(30), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while not await is_done():  # noqa: ASYNC110  # it is another process's work that is waited for
            await asyncio.sleep(0.05)
        assert (await client.get("/readyz")).json() == {"ready": True, "problems": {}}
        assert "outbox_events_relayed_total" in (await client.get("/metrics")).text
        process.terminate()
        assert await process.wait() == 0


@pytest.mark.servers
def test_a_part_that_dies_of_a_bug_ends_the_worker(
    command: Callable[..., Any], runtime: Runtime[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def bug(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    monkeypatch.setattr("chassis.mail.Mailer.run", bug)
    assert command("work") == "notebook work: ended by a bug (RuntimeError)"


@pytest.mark.servers
def test_dead_letters_are_listed_and_replayed_from_the_command_line(
    command: Callable[..., Any],
    runtime: Runtime[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PASS_DATABASE_URL", url(runtime))
    asyncio.run(_set_aside(url(runtime), b"{"))
    assert command("dead-letters") is None
    assert "notebook.note.v1@7\t2026-11-22 10:00:00\tmessage: json_invalid" in capsys.readouterr().out
    assert command("replay") == 1
    assert capsys.readouterr().out.endswith("0 applied, 1 left\n")
    asyncio.run(_set_aside(url(runtime), b'{"id":"%s","version":1,"title":"a"}' % str(new_id()).encode()))
    assert command("replay") == 1
    assert capsys.readouterr().out.endswith("1 applied, 1 left\n")


async def _set_aside(address: str, value: bytes) -> None:
    database = Database(address, pool_size=1)
    (((_, proof),),) = signed(usecases.TOPIC, (b"key", value))
    letter = {
        "topic": usecases.TOPIC,
        "partition": len(value),
        "offset": 7,
        "key": b"key",
        "proof": proof,
        "value": value,
        "reason": "message: json_invalid",
        "failed_at": TODAY,
    }
    await database.run(lambda connection: connection.execute(sa.insert(tables.dead_letters).values(letter)))
    await database.close()


async def serving(runtime: Runtime[Any]) -> tuple[asyncio.subprocess.Process, int]:
    """The subgraph as a process of its own, and the port it took."""
    return await listening("serve", PASS_DATABASE_URL=url(runtime))


async def listening(*arguments: str, **environment: str) -> tuple[asyncio.subprocess.Process, int]:
    process = await start(*arguments, **environment)
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while line := await process.stderr.readline():
            said = json.loads(line)
            if said["event"] == "http.listening":
                return process, said["port"]
    raise AssertionError("it ended before it listened")


def url(runtime: Runtime[Any]) -> str:
    address: str = runtime.settings.database_url.get_secret_value()
    return address
