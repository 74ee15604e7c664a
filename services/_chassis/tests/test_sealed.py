"""What is sealed is read only with the key it was sealed with, and only unchanged."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.sealed import SealBroken, Sealer

SEALER = Sealer(Sealer.new_key())
FIELDS = st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.none())


@given(FIELDS)
def test_what_is_sealed_is_read_again(fields: dict[str, object]) -> None:
    assert SEALER.open(SEALER.seal(fields)) == fields


def test_equal_fields_are_sealed_differently_each_time() -> None:
    assert SEALER.seal({"email": "a@b.fr"}) != SEALER.seal({"email": "a@b.fr"})


@given(st.data())
def test_one_changed_bit_breaks_the_seal(data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(SEALER.seal({"email": "a@b.fr"})))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        SEALER.open(base64.b64encode(raw).decode())


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        Sealer(Sealer.new_key()).open(SEALER.seal({"email": "a@b.fr"}))


@pytest.mark.parametrize("text", ["", "AAAA", "é", "not base64 !", base64.b64encode(bytes(40)).decode()])
def test_what_was_never_sealed_is_a_broken_seal(text: str) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(text)


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(bytes(31)).decode(), "é" * 44])
def test_a_key_is_32_bytes_in_base64(key: str) -> None:
    with pytest.raises(ValueError, match="sealing key"):
        Sealer(key)
