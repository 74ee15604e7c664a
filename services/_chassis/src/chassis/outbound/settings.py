"""How long, how large, how often, and to whom. Mixed into the settings of a service that asks others."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chassis.settings import CommonSettings


@dataclass(frozen=True, slots=True)
class OutboundRules:
    """What `Outbound` keeps to."""

    connect_seconds: float = 3.0
    read_seconds: float = 5.0
    total_seconds: float = 15.0
    """All of it: tries, pauses between them, redirects."""
    max_answer_bytes: int = 1024 * 1024
    max_redirects: int = 3
    tries: int = 3
    """Of an idempotent request; any other is made once."""
    pause_seconds: float = 0.2
    """Upper end of the random pause before the second try; it doubles with each."""
    failures_to_open: int = 5
    """Failures in a row after which a host is not asked."""
    open_seconds: float = 30.0
    ports: AbstractSet[int] = frozenset({80, 443})
    allowed_hosts: AbstractSet[str] = frozenset()
    """`host` or `host:port` that may be in a private network and on any port."""

    def is_allowed(self, host: str, port: int) -> bool:
        return host in self.allowed_hosts or f"{host}:{port}" in self.allowed_hosts


def _listed(value: Any) -> Any:
    return (
        [part.strip().lower() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


class OutboundSettings(CommonSettings):
    """`PASS_OUTBOUND_…`"""

    outbound_connect_seconds: float = Field(default=3.0, gt=0)
    outbound_read_seconds: float = Field(default=5.0, gt=0, description="longest wait for the next bytes")
    outbound_total_seconds: float = Field(default=15.0, gt=0, description="tries, pauses and redirects")
    outbound_max_answer_bytes: int = Field(default=1024 * 1024, ge=1)
    outbound_ports: Annotated[frozenset[int], BeforeValidator(_listed)] = frozenset({80, 443})
    outbound_allowed_hosts: Annotated[frozenset[str], BeforeValidator(_listed)] = Field(
        default=frozenset(),
        description="host or host:port, by commas, that may be in a private network: partners of one's own",
    )

    def outbound_rules(self) -> OutboundRules:
        return OutboundRules(
            connect_seconds=self.outbound_connect_seconds,
            read_seconds=self.outbound_read_seconds,
            total_seconds=self.outbound_total_seconds,
            max_answer_bytes=self.outbound_max_answer_bytes,
            ports=self.outbound_ports,
            allowed_hosts=self.outbound_allowed_hosts,
        )
