"""Events prove who made them.

Whoever can write to the broker is not thereby the producer of a topic: `booking.booking.v1` is booking's
word, on which finance pays. The relay signs what it publishes with its context's own key (Ed25519), consumers
know every producer's public key, and what is not signed by the topic's context is set aside.

One signature an event would cost more than relaying it. A signature is for up to 64 events published
together: it signs the root of the tree of their hashes, and each event carries the signature and the few hashes
that lead from it to the root (RFC 9162 §2.1: leaves and nodes are hashed apart). Each proves itself alone,
whatever compaction leaves of the others.

The signature covers topic, key and value. An old event sent again is signed still: its version makes it harmless.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.raw_keys import key_bytes

HEADER = "pass-signature"

_AT_ONCE = 64
"""Events for each signature: six hashes lead to the root."""
_PURPOSE = b"pass culture, events, 1\n"
_SIGNATURE_BYTES = 64
_HASH_BYTES = 32
_LONGEST_PROOF = _SIGNATURE_BYTES + 1 + 6 * _HASH_BYTES
_NOBODY = bytes(_HASH_BYTES)
"""Stands where a level of the tree has one hash too few."""
_INDEXES = [bytes((index,)) for index in range(_AT_ONCE)]
_PROVEN_KEPT = 20_000

Signable = tuple[str, bytes, bytes]
"""Topic, key and value of one message."""


class NotProven(ValueError):
    """A message was not signed by its topic's producer; the text says in what way, and repeats nothing."""


class Signer:
    """Signs for one producer."""

    def __init__(self, key: str) -> None:
        """`key`: 32 random bytes in base64. Raises ValueError on anything else."""
        self._key = Ed25519PrivateKey.from_private_bytes(key_bytes(key, "event key"))

    @property
    def public_key(self) -> str:
        """What others check its signatures with: 32 bytes in base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, messages: Sequence[Signable]) -> list[bytes]:
        """The proof of each message, in their order: at most 257 bytes each."""
        proofs: list[bytes] = []
        for first in range(0, len(messages), _AT_ONCE):
            proofs += self._sign_together([_leaf(*each) for each in messages[first : first + _AT_ONCE]])
        return proofs

    def _sign_together(self, leaves: list[bytes]) -> list[bytes]:
        levels = []
        level = leaves
        while len(level) > 1:
            if len(level) % 2:
                level = [*level, _NOBODY]
            levels.append(level)
            level = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
        signature = self._key.sign(_PURPOSE + level[0])
        # From the root down, each path is the hash beside it and its parent's path.
        paths = [b""]
        for level in reversed(levels):
            paths = [
                beside + paths[number // 2]
                for number in range(0, len(level), 2)
                for beside in (level[number + 1], level[number])
            ]
        return [signature + _INDEXES[index] + paths[index] for index in range(len(leaves))]


class Producers:
    """Knows the public keys of all producers, and tells what is theirs."""

    def __init__(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Of each context its public keys: several while one is replaced. Raises ValueError on unusable ones."""
        self._keys = {
            context: [Ed25519PublicKey.from_public_bytes(key_bytes(key, "event key")) for key in theirs]
            for context, theirs in keys.items()
        }
        self._proven: dict[str, set[bytes]] = {context: set() for context in self._keys}
        """Hashes that a signature of this producer was found to cover. Each has its own: a tree may hold the hash
        of a message on another's topic."""

    @classmethod
    def of(cls, words: str) -> "Producers":
        """From `context:key` words, as settings have them. Raises ValueError."""
        return cls(public_keys(words))

    def check(self, topic: str, key: bytes | None, value: bytes | None, proof: bytes | None) -> None:
        """Raise NotProven unless the topic's context signed this message."""
        producer = topic.partition(".")[0]
        if not self._keys.get(producer):
            raise NotProven("of no known producer")
        if not proof:
            raise NotProven("not signed")
        path = proof[_SIGNATURE_BYTES + 1 :]
        if not _SIGNATURE_BYTES < len(proof) <= _LONGEST_PROOF or len(path) % _HASH_BYTES:
            raise NotProven("signed in no known way")
        proven = self._proven[producer]
        index, node, met = proof[_SIGNATURE_BYTES], _leaf(topic, key or b"", value or b""), []
        for start in range(0, len(path), _HASH_BYTES):
            if node in proven:
                break
            beside = path[start : start + _HASH_BYTES]
            met.append(beside)
            node = _node(beside, node) if index & 1 else _node(node, beside)
            index >>= 1
        if node not in proven:
            if not self._is_signed(producer, proof[:_SIGNATURE_BYTES], node):
                raise NotProven("not signed by its producer")
            met.append(node)
        # Of events published together the next one is found among these: it costs two hashes, not seven.
        if len(proven) > _PROVEN_KEPT:
            proven.clear()
        proven.update(met)

    def _is_signed(self, producer: str, signature: bytes, root: bytes) -> bool:
        for key in self._keys[producer]:
            try:
                key.verify(signature, _PURPOSE + root)
            except InvalidSignature:
                continue
            return True
        return False


def proof_among(headers: Iterable[tuple[str, bytes]] | None) -> bytes | None:
    """The proof that a message carries, None when it carries none."""
    return next((bytes(value) for name, value in headers or () if name == HEADER), None)


def public_keys(words: str) -> Mapping[str, Sequence[str]]:
    """Of each context its keys, from `context:key` words. Raises ValueError when a word is none."""
    keys: dict[str, list[str]] = {}
    for word in words.split():
        context, colon, key = word.partition(":")
        if not (context and colon and key):
            raise ValueError("each word must be context:key")
        keys.setdefault(context, []).append(key)
    return keys


def _leaf(topic: str, key: bytes, value: bytes) -> bytes:
    return sha256(_named(topic) + len(key).to_bytes(4, "big") + key + value).digest()


@lru_cache(256)
def _named(topic: str) -> bytes:
    name = topic.encode()
    return b"\x00" + len(name).to_bytes(4, "big") + name


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
