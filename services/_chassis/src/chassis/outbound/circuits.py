"""Circuit breakers: a server that keeps failing is left alone for a while, then tried with one request."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter, Gauge

from chassis.outbound.errors import CircuitOpen
from chassis.outbound.settings import OutboundRules

OPENED = Counter("outbound_circuits_opened_total", "Hosts left alone after failures in a row", ["partner"])
OPEN = Gauge("outbound_circuits_open", "Hosts being left alone", ["partner"])

_MOST_HOSTS: Final = 10_000


@dataclass(slots=True)
class Circuit:
    """Of one host. Closed: asked freely. Open: not asked until `open_until`; then one request tries."""

    failures: int = 0
    open_until: float | None = None
    trying: bool = False

    def wait_seconds(self, now: float) -> float | None:
        """None when the host may be asked, else how long it is left alone."""
        if self.open_until is None:
            return None
        if now < self.open_until:
            return self.open_until - now
        return 1.0 if self.trying else None


class Try:
    """What one request tells its circuit: `failed` counts, `answered` forgets; neither says nothing."""

    verdict: bool | None = None

    def answered(self) -> None:
        self.verdict = True

    def failed(self) -> None:
        self.verdict = False


class Circuits:
    """By host, as many as were asked lately."""

    def __init__(self, rules: OutboundRules, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._monotonic = monotonic
        self._circuits: OrderedDict[object, Circuit] = OrderedDict()

    @contextmanager
    def guard(self, host: object, partner: str) -> Iterator[Try]:
        """Around one request to `host`. Raises CircuitOpen instead of entering.

        A request that was cancelled says nothing about the host, and lets the next one try.
        """
        circuit = self._of(host)
        if (wait := circuit.wait_seconds(self._monotonic())) is not None:
            raise CircuitOpen(wait)
        probing = circuit.open_until is not None
        circuit.trying = circuit.trying or probing
        this = Try()
        try:
            yield this
        finally:
            if probing:
                circuit.trying = False
            if this.verdict is True:
                self._close(circuit, partner)
            elif this.verdict is False:
                self._count(circuit, partner)

    def _of(self, host: object) -> Circuit:
        circuit = self._circuits.setdefault(host, Circuit())
        self._circuits.move_to_end(host)
        if len(self._circuits) > _MOST_HOSTS:
            self._forget_one()
        return circuit

    def _forget_one(self) -> None:
        """The host asked longest ago, open ones last: a flood of hosts must not close a circuit."""
        for host, circuit in self._circuits.items():
            if circuit.open_until is None:
                del self._circuits[host]
                return

    def _close(self, circuit: Circuit, partner: str) -> None:
        if circuit.open_until is not None:
            OPEN.labels(partner).dec()
        circuit.failures, circuit.open_until = 0, None

    def _count(self, circuit: Circuit, partner: str) -> None:
        circuit.failures += 1
        if circuit.failures < self._rules.failures_to_open:
            return
        if circuit.open_until is None:
            OPEN.labels(partner).inc()
            OPENED.labels(partner).inc()
        circuit.open_until = self._monotonic() + self._rules.open_seconds
