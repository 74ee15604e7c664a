"""Passwords at rest: argon2id, computed away from the event loop."""

import asyncio
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


class Credentials:
    def __init__(self, *, time_cost: int, memory_kib: int) -> None:
        self._hasher = PasswordHash(
            (Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1),)
        )
        self._nobody = self._hasher.hash("nobody has this password")
        self._running: dict[tuple[UUID, str], asyncio.Future[str]] = {}

    async def hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)

    async def hash_for(self, key: UUID, password: str) -> str:
        """As `hash`, for the request of an idempotency key: the same one sent again meanwhile shares the work."""
        asked = (key, password)
        running = self._running.get(asked)
        if running is None:
            running = self._running[asked] = asyncio.ensure_future(self.hash(password))
            running.add_done_callback(lambda _: self._running.pop(asked))
        return await asyncio.shield(running)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Is it the right password? Without a hash (nobody has the address) it takes as long, and is False."""
        right = await asyncio.to_thread(self._hasher.verify, password, password_hash or self._nobody)
        return right and password_hash is not None
