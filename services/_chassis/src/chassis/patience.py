"""How long a peer is waited for: uvicorn's protocol, with an end to it.

uvicorn lets a connection stand for as long as it is open when no request was ever finished on it, and waits for
the rest of a body without end: some thousands of them, a byte now and then, take every file descriptor of a
process. Here a request has to be there whole within `request_seconds` of its first byte, and a
connection on which no request is under way is let go after uvicorn's own keep-alive.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.inner_tls import PEER, peer_name

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class ImpatientProtocol(HttpToolsProtocol):
    """One connection."""

    request_seconds = 30.0
    """From a request's first byte to its last: what the door gives a body."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._too_late: asyncio.TimerHandle | None = None
        self._peer: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer = peer_name(transport.get_extra_info("peercert"))
        self._wait_for_a_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_come()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Blank lines before a request begin none.
        if self.timeout_keep_alive_task is None and self._too_late is None and self._is_idle():
            self._wait_for_a_request()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[PEER] = self._peer  # type: ignore[typeddict-unknown-key]
        self._has_come()
        self._too_late = self.loop.call_later(self.request_seconds, self._give_up)

    def on_message_complete(self) -> None:
        self._has_come()
        super().on_message_complete()

    def _is_idle(self) -> bool:
        return (self.cycle is None or self.cycle.response_complete) and not self.transport.is_closing()

    def _wait_for_a_request(self) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _has_come(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None

    def _give_up(self) -> None:
        self._too_late = None
        if self.transport.is_closing():
            return
        if self._is_idle() or not self.cycle.response_started:
            self.transport.write(_TOO_SLOW)
        self.transport.close()
