"""What is personal lies sealed in the tables: a disk, a backup or a dump without the keys shows none of it.

A column of type `Sealed` holds AES-256-GCM seals, made and opened in the process by the context's key ring,
which the database never sees. A seal is bound to where it stands, column and row: copied into another row it
does not open, so whoever can write to the database still cannot show one person's name, or pay one place's
money, in another's stead. What is in clear does not open either.

Nothing can be looked for, sorted or compared in such a column: where the code must recognise something, a
keyed digest stands beside it. What is only ever compared and never read again is kept as a digest by the ring alone.
"""

import hmac
import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.raw_keys import key_bytes
from chassis.sealed import SealBroken

_FORM: Final = b"\x01"
"""AES-256-GCM, as below. The first byte of every seal: another way of sealing takes another."""
_MARK_BYTES = 9
_NONCE_BYTES = 12
_HEAD = _MARK_BYTES + _NONCE_BYTES
_KEY_BYTES = 32


class KeyRing:
    """The keys of one context: the newest seals and opens, older ones only open."""

    def __init__(self, context: str, key: str, *older: str) -> None:
        """32 random bytes in base64 each. Raises ValueError on anything else.

        What is used is derived from them for `context`: two contexts that share a key still open nothing of
        each other's.
        """
        keys = [_derived(each, context) for each in (key, *older)]
        self.mark = keys[0].mark
        """What every seal and digest made now begins with: the form and the key's name."""
        self._newest = keys[0].cipher
        self._ciphers = {each.mark: each.cipher for each in reversed(keys)}
        self._digesting = {each.mark: each.digesting for each in reversed(keys)}

    def seal(self, column: str, row: UUID, plain: bytes) -> bytes:
        """A seal for this row of this column, `table.column`; two calls never give the same."""
        nonce = os.urandom(_NONCE_BYTES)
        return self.mark + nonce + self._newest.encrypt(nonce, plain, column.encode() + row.bytes)

    def open(self, column: str, row: UUID, seal: bytes) -> bytes:
        """What was sealed for this row of this column. Raises SealBroken."""
        return self.open_at(column.encode() + row.bytes, seal)

    def open_at(self, place: bytes, seal: bytes) -> bytes:
        """The same, of a place whose column and row are put together already."""
        cipher = self._ciphers.get(seal[:_MARK_BYTES])
        if cipher is not None:
            try:
                return cipher.decrypt(seal[_MARK_BYTES:_HEAD], seal[_HEAD:], place)
            except (InvalidTag, ValueError):
                pass
        raise SealBroken("what stands there was not sealed there with these keys")

    def digest(self, text: bytes) -> bytes:
        """41 bytes by which `text` is recognised: without the key nobody can try out what it was."""
        return self.mark + hmac.digest(self._digesting[self.mark], text, "sha256")

    def is_digest(self, digest: bytes, text: bytes) -> bool:
        """Whether this is `text`'s, by whichever key of the ring."""
        mark = digest[:_MARK_BYTES]
        key = self._digesting.get(mark)
        return key is not None and hmac.compare_digest(digest, mark + hmac.digest(key, text, "sha256"))


class _Keys(NamedTuple):
    """What one storage key is to one context."""

    mark: bytes
    cipher: AESGCM
    digesting: bytes


def _derived(key: str, context: str) -> _Keys:
    raw = key_bytes(key, "storage key")
    purpose = f"chassis.at_rest/{context}/1/".encode()

    def derived(use: bytes, length: int = _KEY_BYTES) -> bytes:
        return HKDF(hashes.SHA256(), length, salt=None, info=purpose + use).derive(raw)

    return _Keys(_FORM + derived(b"name", _MARK_BYTES - 1), AESGCM(derived(b"key")), derived(b"digest"))


class InRow(NamedTuple):
    """A value on its way into a sealed column, with the id of its row."""

    row: UUID
    value: Any


_RINGS: Final[WeakKeyDictionary[sa.Dialect, KeyRing]] = WeakKeyDictionary()


def give_ring(dialect: sa.Dialect, ring: KeyRing) -> None:
    """Let the statements of the engine of this dialect seal and open."""
    _RINGS[dialect] = ring


def ring_of(dialect: sa.Dialect) -> KeyRing:
    """The keys that its statements use. Raises LookupError when it was given none."""
    try:
        return _RINGS[dialect]
    except KeyError:
        raise LookupError("this database was opened without the keys of its sealed columns") from None


_WRITTEN: Final[Mapping[type, Callable[[Any], bytes]]] = {
    str: lambda text: text.encode(),
    date: lambda day: day.isoformat().encode(),
}
_READ: Final[Mapping[type, Callable[[bytes], Any]]] = {
    str: lambda plain: plain.decode(),
    date: lambda plain: date.fromisoformat(plain.decode()),
}


def written(value: str | date) -> bytes:
    """What is sealed of a value: a text's UTF-8, a date's ISO 8601."""
    return _WRITTEN[type(value)](value)


class Sealed(sa.types.TypeDecorator[Any]):
    """A sealed column of texts or dates.

    It is read as any column. What is written is an `InRow`, as `placed` makes it: anything else is a TypeError,
    so that nothing in clear and no comparison reaches the database.
    """

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, column: str, kind: type[str] | type[date] = str, *, row: str = "id") -> None:
        """`column` is its own name, `table.column`; `row` the column of UUIDs that says of which row it is, and never
        changes: the primary key, or whose the row is. Seals are bound to both."""
        self.column = column
        self.kind = kind
        self.row = row
        self._place = column.encode()
        self._read = _READ[kind]
        super().__init__()

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Behind the id of its row, so that it can be opened wherever it was selected."""
        while isinstance(column, sa.Label):
            column = column.element
        table: sa.FromClause = column.table
        raw = sa.type_coerce(column, sa.LargeBinary)
        return sa.type_coerce(sa.func.uuid_send(table.c[self.row]).op("||")(raw), self)

    def process_bind_param(self, value: InRow | None, dialect: sa.Dialect) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, InRow):
            raise TypeError(
                f"{self.column} is sealed: what is written names its row, and nothing is compared"
            )
        return self.sealed(ring_of(dialect), *value)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        return self._read(ring_of(dialect).open_at(self._place + value[:16], value[16:]))

    def sealed(self, ring: KeyRing, row: UUID, value: str | date | None) -> bytes | None:
        """The seal of a value that is written past SQLAlchemy."""
        return None if value is None else ring.seal(self.column, row, _WRITTEN[self.kind](value))

    def opened(self, ring: KeyRing, row: UUID, seal: bytes | None) -> Any:
        """The value of a seal that was read past SQLAlchemy."""
        return None if seal is None else self._read(ring.open_at(self._place + row.bytes, seal))


def sealed_columns(table: sa.FromClause) -> Mapping[str, Sealed]:
    """The types of the sealed columns of a table, by their name."""
    return {column.name: column.type for column in table.c if isinstance(column.type, Sealed)}


def placed(table: sa.FromClause, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a whole row of `table`: what is to be sealed is told its row."""
    sealed = sealed_columns(table)
    return {
        name: InRow(values[sealed[name].row], value) if name in sealed else value
        for name, value in values.items()
    }
