"""A server that keeps failing is left alone, then tried with one request."""

import pytest

from chassis.outbound import CircuitOpen, OutboundRules
from chassis.outbound.circuits import OPEN, Circuits

RULES = OutboundRules(failures_to_open=3, open_seconds=30)


class Hands:
    """A monotonic clock moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def circuits(hands: Hands) -> Circuits:
    return Circuits(RULES, hands)


def fail(circuits: Circuits, times: int = 1, host: str = "a") -> None:
    for _ in range(times):
        with circuits.guard(host, "p") as this:
            this.failed()


def succeed(circuits: Circuits, host: str = "a") -> None:
    with circuits.guard(host, "p") as this:
        this.answered()


def test_failures_in_a_row_open_the_circuit_of_that_host_only(circuits: Circuits) -> None:
    fail(circuits, 3)
    with pytest.raises(CircuitOpen) as refused:
        succeed(circuits)
    assert refused.value.retry_after_seconds == 30
    succeed(circuits, "b")


def test_an_answer_between_failures_begins_the_count_again(circuits: Circuits) -> None:
    fail(circuits, 2)
    succeed(circuits)
    fail(circuits, 2)
    succeed(circuits)


def test_after_a_while_one_request_tries_and_the_others_wait_for_it(circuits: Circuits, hands: Hands) -> None:
    fail(circuits, 3)
    hands.now += 30
    with circuits.guard("a", "p") as probe:
        with pytest.raises(CircuitOpen):
            succeed(circuits)
        probe.answered()
    succeed(circuits)
    fail(circuits, 2)
    succeed(circuits)


def test_a_try_that_fails_opens_it_again_at_once(circuits: Circuits, hands: Hands) -> None:
    fail(circuits, 3)
    hands.now += 30
    fail(circuits)
    with pytest.raises(CircuitOpen):
        succeed(circuits)
    hands.now += 30
    succeed(circuits)


def test_a_try_that_is_cancelled_lets_the_next_one_try(circuits: Circuits, hands: Hands) -> None:
    fail(circuits, 3)
    hands.now += 30
    with pytest.raises(KeyboardInterrupt), circuits.guard("a", "p"):
        raise KeyboardInterrupt
    succeed(circuits)


def test_open_circuits_are_counted_by_partner(circuits: Circuits, hands: Hands) -> None:
    gauge = OPEN.labels("p")
    before = gauge._value.get()
    fail(circuits, 3, "a")
    fail(circuits, 3, "b")
    assert gauge._value.get() == before + 2
    hands.now += 30
    succeed(circuits, "a")
    fail(circuits, 1, "b")
    assert gauge._value.get() == before + 1


def test_a_flood_of_hosts_forgets_closed_circuits_and_keeps_open_ones(
    circuits: Circuits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.outbound.circuits._MOST_HOSTS", 10)
    fail(circuits, 3)
    for number in range(50):
        succeed(circuits, f"h{number}")
    assert len(circuits._circuits) <= 11
    with pytest.raises(CircuitOpen):
        succeed(circuits)
