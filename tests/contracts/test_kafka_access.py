"""Each part may do on the broker what its code declares, and nothing else."""

import pytest

from chassis import kafka_access
from chassis.kafka_access import Access, Kind, Operation
from local_platform.servers.certificates import PARTS
from local_platform.servers.kafka import ACCESS
from search.consumers.subscriptions import MESSAGES

from .services import CONTEXTS, runtime, service

TABLE = kafka_access.read(ACCESS)


def _declared(context: str) -> Access:
    of = service(context)
    running = runtime(of)
    return Access(
        produces=frozenset(each.topic for each in of.published(running)),
        passes=frozenset(each.topic for each in of.published(running) if each.passes),
        consumes=frozenset(each.topic for each in of.consumed(running)),
        watches=frozenset(each.topic for each in of.live(running)),
    )


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_may_do_what_it_declares_and_nothing_else(context: str) -> None:
    assert TABLE[context] == _declared(context)


def test_search_reads_and_writes_nothing() -> None:
    assert TABLE["search"] == Access(watches=frozenset(MESSAGES))


def test_nobody_else_is_listed_and_everybody_who_is_has_a_certificate() -> None:
    assert set(TABLE) == {*CONTEXTS, "search"} <= set(PARTS)


def test_every_topic_has_one_producer_and_is_made_for_whoever_reads_it() -> None:
    produced = [topic for access in TABLE.values() for topic in access.produces]
    assert len(produced) == len(set(produced))
    for access in TABLE.values():
        assert access.consumes | access.watches <= set(produced)


def test_the_rules_of_the_broker_follow_from_the_table() -> None:
    said = {
        "shop": Access(produces=frozenset({"shop.sale.v1"}), watches=frozenset({"shop.sale.v1"})),
        "till": Access(consumes=frozenset({"shop.sale.v1"})),
    }
    assert kafka_access.rules(said) == {
        kafka_access.Rule("User:shop", Kind.TOPIC, "shop.sale.v1", Operation.WRITE),
        kafka_access.Rule("User:shop", Kind.TOPIC, "shop.sale.v1", Operation.READ),
        kafka_access.Rule("User:till", Kind.TOPIC, "shop.sale.v1", Operation.READ),
        kafka_access.Rule("User:till", Kind.GROUP, "till", Operation.READ),
    }


def test_a_context_consumes_with_the_group_that_it_may_use() -> None:
    for context in CONTEXTS:
        assert service(context).settings.context == context
