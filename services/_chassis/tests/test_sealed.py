"""What is sealed is read only with a key of the ring, only where it stands, and only unchanged."""

import base64
import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.encoding import to_json
from chassis.sealed import SealBroken, Sealer

SEALER = Sealer(Sealer.new_key())
HERE = ("notebook.note.v1", UUID(int=1))
FIELDS = st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.none())


@given(FIELDS)
def test_what_is_sealed_is_read_again(fields: dict[str, object]) -> None:
    assert SEALER.open(SEALER.seal(fields, HERE), HERE) == fields


def test_equal_fields_are_sealed_differently_each_time() -> None:
    assert SEALER.seal({"email": "a@b.fr"}, HERE) != SEALER.seal({"email": "a@b.fr"}, HERE)


@given(FIELDS, FIELDS)
def test_sealed_alike_equal_fields_at_one_place_are_one_text(
    fields: dict[str, object], others: dict[str, object]
) -> None:
    sealed = SEALER.seal_alike(fields, HERE)
    assert SEALER.open(sealed, HERE) == fields
    assert (sealed == SEALER.seal_alike(others, HERE)) is (to_json(fields) == to_json(others))


def test_sealed_alike_elsewhere_or_by_another_key_nothing_is_the_same() -> None:
    there, fields = ("notebook.note.v1", UUID(int=2)), {"email": "a@b.fr"}
    texts = [
        sealer.seal_alike(fields, place)
        for sealer in (SEALER, Sealer(Sealer.new_key()))
        for place in (HERE, there)
    ]
    assert len({text[:16] for text in texts}) == len(texts), "no nonce twice"
    with pytest.raises(SealBroken):
        SEALER.open(texts[1], HERE)


@given(st.data())
def test_one_changed_bit_breaks_the_seal(data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(SEALER.seal({"email": "a@b.fr"}, HERE)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        SEALER.open(base64.b64encode(raw).decode(), HERE)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        Sealer(Sealer.new_key()).open(SEALER.seal({"email": "a@b.fr"}, HERE), HERE)


@pytest.mark.parametrize("text", ["", "AAAA", "é", "not base64 !", base64.b64encode(bytes(40)).decode()])
def test_what_was_never_sealed_is_a_broken_seal(text: str) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(text, HERE)


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(bytes(31)).decode(), "é" * 44])
def test_a_key_is_32_bytes_in_base64(key: str) -> None:
    with pytest.raises(ValueError, match="sealing key"):
        Sealer(key)


@pytest.mark.parametrize("elsewhere", [("notebook.note.v1", UUID(int=2)), ("notebook.other.v1", UUID(int=1))])
def test_a_seal_copied_into_another_message_does_not_open(elsewhere: tuple[str, UUID]) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal({"email": "a@b.fr"}, HERE), elsewhere)


def test_old_keys_read_and_the_newest_writes() -> None:
    old, new = Sealer.new_key(), Sealer.new_key()
    ring = Sealer(new, old)
    assert ring.open(Sealer(old).seal({"a": 1}, HERE), HERE) == {"a": 1}
    assert Sealer(new).open(ring.seal({"a": 1}, HERE), HERE) == {"a": 1}
    with pytest.raises(SealBroken):
        Sealer(old).open(ring.seal({"a": 1}, HERE), HERE)


def test_a_rotation_step_by_step_under_way_breaks_no_seal() -> None:
    """Every process restarts on its own time: at each step some have the settings of before, some of after."""
    old, new = Sealer.new_key(), Sealer.new_key()
    steps = [Sealer(old), Sealer(old, new), Sealer(new, old), Sealer(new, old)]
    for before, after in itertools.pairwise(steps):
        for writer in (before, after):
            for reader in (before, after):
                assert reader.open(writer.seal({"a": 1}, HERE), HERE) == {"a": 1}
