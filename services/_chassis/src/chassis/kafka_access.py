"""Who may do what on the broker: `python -m chassis.kafka_access TABLE` makes it as the table says, and nothing else.

The table (`deploy/kafka/access.toml`) has a section for each part, named as its certificate names it: the topics
that it `produces` to (those that `passes` lists too are kept for a day), those that it `consumes` with the group of
its name, those that it `watches` without a group. The operator makes the topics; nobody else may, nor write to a topic
that is another's. What the table does not say is taken away. Safe to repeat; to be done again after a change of the
table, when a broker lost everything, and when the brokers' certificates were renewed: then they show the new ones.
"""

import asyncio
import sys
import tomllib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from chassis.kafka import broker, ensure_topics
from chassis.settings import BrokerSettings, ConfigurationError

OPERATOR: Final = "operator"
"""The part that makes topics and rules. The broker's own settings name it, not the table."""

_ANY, _LITERAL, _ALLOW = 1, 3, 3
_EVERYWHERE = "*"


class Kind(IntEnum):
    """What a rule is about, as the protocol numbers it."""

    TOPIC = 2
    GROUP = 3


class Operation(IntEnum):
    """As the protocol numbers them. Each of these two lets its topic be described."""

    READ = 3
    WRITE = 4


class OperatorSettings(BrokerSettings):
    context: ClassVar[str] = OPERATOR


@dataclass(frozen=True, slots=True)
class Access:
    """What one part may do."""

    produces: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    """Of these, the topics that are kept for a day."""
    consumes: frozenset[str] = frozenset()
    """With the consumer group of its own name."""
    watches: frozenset[str] = frozenset()
    """Without a group."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission of the broker's."""

    principal: str
    kind: Kind
    name: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Change:
    """What `apply` had to do."""

    allowed: frozenset[Rule]
    taken_away: int


def read(table: Path) -> Mapping[str, Access]:
    """The access of each part. Raises ValueError or TypeError for what is no such table."""
    with table.open("rb") as source:
        parts = tomllib.load(source)
    return {
        part: Access(**{how: frozenset(topics) for how, topics in access.items()})
        for part, access in parts.items()
    }


def rules(table: Mapping[str, Access]) -> frozenset[Rule]:
    """The broker's rules that give these parts this access."""
    found = set()
    for part, access in table.items():
        who = f"User:{part}"
        found |= {Rule(who, Kind.TOPIC, topic, Operation.WRITE) for topic in access.produces}
        found |= {Rule(who, Kind.TOPIC, topic, Operation.READ) for topic in access.consumes | access.watches}
        if access.consumes:
            found.add(Rule(who, Kind.GROUP, part, Operation.READ))
    return frozenset(found)


async def apply(settings: BrokerSettings, table: Mapping[str, Access]) -> Change:
    """Make topics and rules as the table says. Raises KafkaError; what was done until then stays, and is no harm."""
    topics = {topic for access in table.values() for topic in access.produces}
    await ensure_topics(settings, topics, {topic for access in table.values() for topic in access.passes})
    wanted = rules(table)
    async with _client(settings) as client:
        known = await _known(client)
        for rule in sorted(wanted - known.keys(), key=str):
            who, where = rule.principal, (int(rule.kind), rule.name, _LITERAL)
            await _ask(client, CreateAclsRequest(*where, who, _EVERYWHERE, int(rule.operation), _ALLOW))
        strange = [known[rule] for rule in known.keys() - wanted]
        for described in strange:
            await _ask(client, DeleteAclsRequest(*described))
    return Change(wanted - known.keys(), len(strange))


async def show_renewed(settings: BrokerSettings) -> int:
    """Let every broker read again its files of certificate and authorities; how many did.

    Connections that stand go on. What brokers say to each other they read at their start.
    """
    async with _client(settings) as client:
        nodes = [
            ConfigResource(ConfigResourceType.BROKER, str(each.nodeId)) for each in client.cluster.brokers()
        ]
    admin = AIOKafkaAdminClient(**broker(settings), client_id=settings.context, request_timeout_ms=10_000)
    renewed = 0
    try:
        await admin.start()
        for described in await admin.describe_configs(nodes):
            for _, _, _, node, entries in described.resources:
                known = {name: (value, source) for name, value, _, source, *_ in entries}
                # This request replaces all that was set while the broker ran: that is said again.
                kept = {name: value for name, (value, source) in known.items() if source == _SET_MEANWHILE}
                files = {f"{_INNER}{name}": known[name][0] for name in _FILES if known[name][0]}
                if files:
                    await _set(admin, node, kept | files)
                    renewed += 1
    finally:
        await admin.close()
    return renewed


_FILES: Final = ("ssl.keystore.location", "ssl.truststore.location")
_INNER: Final = "listener.name.inner."
_SET_MEANWHILE: Final = 2
"""As the protocol numbers where a setting of one broker comes from."""


async def _set(admin: AIOKafkaAdminClient, node: str, settings: Mapping[str, str]) -> None:
    answers = await admin.alter_configs([ConfigResource(ConfigResourceType.BROKER, node, dict(settings))])
    for code, message, *_ in (each for answer in answers for each in answer.resources):
        if code:
            raise for_code(code)(message)


_Described = tuple[int, str, int, str, str, int, int]


async def _known(client: AIOKafkaClient) -> Mapping[Any, _Described]:
    """Each rule that the broker has, by the Rule that it is, or by itself where it is none of ours."""
    answer = await _ask(client, DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY))
    found: dict[Any, _Described] = {}
    for kind, name, pattern, entries in answer.resources:
        for principal, host, operation, permission in entries:
            described = (kind, name, pattern, principal, host, operation, permission)
            found[_as_ours(described) or described] = described
    return found


def _as_ours(described: _Described) -> Rule | None:
    kind, name, pattern, principal, host, operation, permission = described
    if (pattern, host, permission) != (_LITERAL, _EVERYWHERE, _ALLOW):
        return None
    try:
        return Rule(principal, Kind(kind), name, Operation(operation))
    except ValueError:
        return None


async def _ask(client: AIOKafkaClient, request: Any) -> Any:
    """What any broker answers: they hand it on. Raises KafkaError when one of its parts is refused."""
    answer = await client.send(client.get_random_node(), request)
    said = answer.to_object()
    for each in (said, *said.get("creation_responses", ()), *said.get("filter_responses", ())):
        if code := each.get("error_code"):
            raise for_code(code)(each.get("error_message"))
    return answer


@asynccontextmanager
async def _client(settings: BrokerSettings) -> AsyncIterator[AIOKafkaClient]:
    client = AIOKafkaClient(**broker(settings), client_id=settings.context, request_timeout_ms=10_000)
    try:
        await client.bootstrap()
        yield client
    finally:
        await client.close()


def main(arguments: Iterable[str]) -> None:
    """Exits with 1 and a sentence when it could not be done."""
    try:
        (table,) = arguments
        settings = OperatorSettings.load()
        change, renewed = asyncio.run(_do(settings, read(Path(table))))
    except ConfigurationError as error:
        sys.exit(str(error))
    except (KafkaError, OSError, ValueError, TypeError) as error:
        sys.exit(f"The access to the broker was not made as the table says ({type(error).__name__}).")
    sys.stdout.write(
        f"{len(change.allowed)} rules added, {change.taken_away} taken away, {renewed} brokers read their files again\n"
    )


async def _do(settings: BrokerSettings, table: Mapping[str, Access]) -> tuple[Change, int]:
    return await apply(settings, table), await show_renewed(settings)


if __name__ == "__main__":
    main(sys.argv[1:])
