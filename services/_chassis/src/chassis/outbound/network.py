"""Connections that end where they were checked to end.

A name is resolved once, here, each of its addresses is checked, and the connection goes to one of
the checked addresses. The name stays in the Host header and in TLS (SNI, certificate), because the
pool above keeps it. A name with one private address among public ones is refused whole.
"""

import asyncio
import socket
import ssl
import typing
from collections.abc import Awaitable, Callable, Sequence

import httpcore
import httpx

from chassis.outbound.addresses import is_public
from chassis.outbound.errors import TargetRefused
from chassis.outbound.settings import OutboundRules

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Numeric addresses of a host; raises OSError when there are none."""

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to public addresses, and to the hosts that the rules allow."""

    def __init__(
        self, rules: OutboundRules, resolve: Resolve, within: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._rules = rules
        self._resolve = resolve
        self._within = within or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own signature
        local_address: str | None = None,
        socket_options: typing.Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port, timeout)
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                return await self._within.connect_tcp(
                    address,
                    port,
                    timeout=timeout,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int, seconds: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._resolve(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name did not resolve in time") from None
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the name does not resolve") from None
        if not self._rules.is_allowed(host, port) and not all(is_public(address) for address in addresses):
            raise TargetRefused("not in the public Internet")
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: typing.Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise TargetRefused("not in the public Internet")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport, whose pool connects through `CheckedNetwork`."""

    def __init__(self, network: CheckedNetwork, tls: ssl.SSLContext | None = None) -> None:
        context = tls or httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        # httpx passes no network backend on. `test_client` goes through this line with private
        # addresses, and would be red if a new httpx kept its pool elsewhere.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=15.0,
            network_backend=network,
        )
