"""After the whole story, nothing personal stands where it must not: logs, topics, waiting and dead events."""

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from local_platform.demo.accounts import known_accounts
from local_platform.platform.platform import Platform

from .databases import Databases
from .performance import Performance

pytestmark = pytest.mark.platform

FORM_FIELDS = (
    "email",
    "firstName",
    "lastName",
    "birthDate",
    "phone",
    "iban",
    "bic",
    "bookingEmail",
    "documentNumber",
)
"""What people write in forms about themselves and their money."""

Canaries = Mapping[str, set[str]]


@pytest.fixture(scope="module")
def canaries(platform: Platform, performances: Mapping[str, Performance]) -> Canaries:
    """Kind → every value of it that was used in the story."""
    found: dict[str, set[str]] = {
        name: set() for name in (*FORM_FIELDS, "accessToken", "contremarque", "password")
    }
    for performance in performances.values():
        for exchange in performance.witness.exchanges:
            for name, value in _values([exchange.variables, exchange.answer]):
                if name in found:
                    found[name].add(value)
    found["contremarque"].discard("-")
    team = [account for account in known_accounts(platform).values() if account.totp_secret]
    found["totpSecret"] = {str(account.totp_secret) for account in team}
    assert all(found.values()), found
    return found


def _values(value: object, name: str = "") -> Iterable[tuple[str, str]]:
    """Every text with the name of its field."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _values(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, name)
    elif isinstance(value, str):
        yield name, value


def sung(canaries: Canaries, text: str) -> set[str]:
    """The kinds of which a value stands in the text as a word of its own, however it is escaped."""
    spellings = {
        (kind, spelling)
        for kind, values in canaries.items()
        for value in values
        for spelling in (value, json.dumps(value)[1:-1], quote(value))
    }
    present = ((kind, spelling) for kind, spelling in spellings if spelling in text)
    return {
        f"{kind} {spelling}"
        for kind, spelling in present
        if re.search(rf"(?<![\w]){re.escape(spelling)}(?![\w])", text)
    }


def test_a_canary_is_heard() -> None:
    """However it stands there; and not inside another word."""
    birds = {"firstName": {"Zoé"}, "contremarque": {"ABC234"}, "email": {"a@b.example"}}
    assert sung(birds, '{"who": "Zo\\u00e9"} mailto:a%40b.example ABC234') == {
        "firstName Zo\\u00e9",
        "email a%40b.example",
        "contremarque ABC234",
    }
    assert sung(birds, "xABC234 ZABC2345 Zoéline") == set()


def test_none_in_the_logs(platform: Platform, canaries: Canaries) -> None:
    logs = list(platform.state.rglob("logs/*"))
    assert {"gateway.log", "booking.log", "identity-worker.log"} <= {log.name for log in logs}
    assert {log.name: found for log in logs if (found := sung(canaries, _text(log)))} == {}


async def test_a_row_that_the_database_refuses_is_not_quoted_in_its_log(
    platform: Platform, databases: Databases
) -> None:
    refused = "INSERT INTO outbox (topic, key, type, payload, trace) VALUES ($1, NULL, '', '', '')"
    with pytest.raises(asyncpg.NotNullViolationError):
        await databases.connections["booking"].execute(refused, "canari@jeune.example")
    for log in platform.state.rglob("logs/postgres.log"):
        text = _text(log)
        assert "violates not-null constraint" in text
        assert "canari" not in text


async def test_none_in_the_topics(platform: Platform, canaries: Canaries) -> None:
    topics = {topic: text async for topic, text in _topics(platform)}
    assert {"identity.person.v1", "booking.booking.v1", "finance.bank_account.v1"} <= set(topics)
    assert {topic: found for topic, text in topics.items() if (found := sung(canaries, text))} == {}


async def test_none_in_waiting_or_dead_events(databases: Databases, canaries: Canaries) -> None:
    tables = [
        (context, table) for context, table in await databases.tables() if table in ("outbox", "dead_letters")
    ]
    assert len(tables) == 8
    for context, table in tables:
        assert sung(canaries, await databases.text_of(context, table)) == set(), (context, table)


IN_CLEAR = {
    ("identity", "persons"): {"email"},
    # Written to be shown with the offer.
    ("catalog", "offers"): {"bookingEmail"},
    ("booking", "bookings"): {"contremarque"},
}
"""What `docs/data.md` says lies in clear, and why."""


async def test_none_in_the_tables(databases: Databases, canaries: Canaries) -> None:
    """What a disk, a dump or a backup shows: nothing that is sealed, and nothing personal but what is known to be."""
    phones = {f"+33{phone[1:]}" for phone in canaries["phone"]}
    kept = {**canaries, "phone": canaries["phone"] | phones}
    found = {}
    for context, table in await databases.tables():
        text = await databases.text_of(context, table)
        kinds = {kind for kind in kept if sung({kind: kept[kind]}, text)}
        if kinds - IN_CLEAR.get((context, table), set()):
            found[context, table] = kinds
    assert found == {}


async def test_passwords_are_nowhere(platform: Platform, databases: Databases, canaries: Canaries) -> None:
    """Not in any row of any database, a mail, the index of the search, or any note of the platform itself."""
    secret = {kind: canaries[kind] for kind in ("password", "totpSecret")}
    for context, table in await databases.tables():
        assert sung(secret, await databases.text_of(context, table)) == set(), (context, table)
    servers = {"postgres", "kafka"}  # what they hold was read through them
    files = [
        file
        for file in platform.state.rglob("*")
        if file.is_file() and file.relative_to(platform.state).parts[0] not in servers
    ]
    own = {"accounts.json"}  # where the staff reads theirs; nobody else can
    assert [str(file) for file in files if file.name not in own and sung(secret, _text(file))] == []
    assert (platform.state / "accounts.json").stat().st_mode & 0o077 == 0


def _text(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


async def _topics(platform: Platform) -> AsyncIterator[tuple[str, str]]:
    """Every topic with all that stands in it: keys, values and headers."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=platform.settings_of("booking")["PASS_KAFKA"], auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        for topic in sorted(await consumer.topics()):
            partitions = [
                TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()
            ]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            heard: list[bytes] = []
            for partition, end in ends.items():
                await consumer.seek_to_beginning(partition)
                while await consumer.position(partition) < end:
                    fetched = await consumer.getmany(partition, timeout_ms=500)
                    for record in fetched.get(partition, ()):
                        heard += [record.key or b"", record.value or b""]
                        heard += [value for _, value in record.headers]
            yield topic, b"\n".join(heard).decode(errors="replace")
    finally:
        await consumer.stop()
