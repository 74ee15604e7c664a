"""Each message proves its producer by itself, and nothing else proves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import provenance
from chassis.provenance import HEADER, NotProven, Producers, Signable, Signer, proof_among
from chassis.sealed import Sealer

BOOKING = Signer(Sealer.new_key())
CATALOG = Signer(Sealer.new_key())


def producers() -> Producers:
    """Who knows both, and has checked nothing yet."""
    return Producers({"booking": [BOOKING.public_key], "catalog": [CATALOG.public_key]})


MESSAGES = st.lists(
    st.tuples(st.sampled_from(["booking.booking.v1", "booking.stock.v1"]), st.binary(), st.binary()),
    max_size=150,
)


def refusal(message: Signable, proof: bytes | None, known: Producers | None = None) -> str:
    with pytest.raises(NotProven) as refused:
        (known or producers()).check(*message, proof)
    return str(refused.value)


@given(MESSAGES)
def test_whatever_is_published_together_proves_itself_alone(messages: list[Signable]) -> None:
    proofs = BOOKING.sign(messages)
    assert len(proofs) == len(messages)
    assert all(len(proof) <= 257 for proof in proofs)
    together = producers()
    for message, proof in zip(messages, proofs, strict=True):
        together.check(*message, proof)
        producers().check(*message, proof)


@pytest.mark.parametrize("count", [2, 3, 63, 64, 65, 128, 129])
def test_another_messages_proof_proves_nothing(count: int) -> None:
    messages = [("booking.booking.v1", b"key", bytes([number])) for number in range(count)]
    proofs = BOOKING.sign(messages)
    assert {
        refusal(message, proof)
        for number, message in enumerate(messages)
        for other, proof in enumerate(proofs)
        if other != number
    } == {"not signed by its producer"}


@given(MESSAGES.filter(bool), st.data())
def test_one_bit_of_the_message_or_the_proof_is_enough(messages: list[Signable], data: st.DataObject) -> None:
    topic, key, value = data.draw(st.sampled_from(messages), "message")
    proof = BOOKING.sign(messages)[messages.index((topic, key, value))]
    part = data.draw(st.sampled_from([each for each in (key, value, proof) if each]), "part")
    place = data.draw(st.integers(0, len(part) * 8 - 1), "bit")
    changed = bytearray(part)
    changed[place // 8] ^= 1 << place % 8
    # Above the height of its tree the index says nothing.
    is_idle = part is proof and place // 8 == 64 and place % 8 >= (len(proof) - 65) // 32
    parts = [bytes(changed) if each is part else each for each in (key, value, proof)]
    if is_idle:
        producers().check(topic, *parts)
    else:
        refusal((topic, parts[0], parts[1]), parts[2])


def test_a_blank_moved_from_key_to_value_is_another_message() -> None:
    (proof,) = BOOKING.sign([("booking.booking.v1", b"key ", b"value")])
    refusal(("booking.booking.v1", b"key", b" value"), proof)
    refusal(("booking.booking.v1k", b"ey ", b"value"), proof)


@pytest.mark.parametrize(
    "topic", ["catalog.offer.v1", "identity.person.v1", "bookings.booking.v1", "booking.stock.v1", "", "."]
)
def test_a_producer_speaks_on_its_own_topics_alone(topic: str) -> None:
    (proof,) = BOOKING.sign([("booking.booking.v1", b"k", b"{}")])
    refusal((topic, b"k", b"{}"), proof)
    (own,) = BOOKING.sign([(topic, b"k", b"{}")])
    if topic.startswith("booking."):
        producers().check(topic, b"k", b"{}", own)
    else:
        refusal((topic, b"k", b"{}"), own)


def test_a_producer_proves_nothing_of_another_by_publishing_it_beside_its_own() -> None:
    """The tree of catalog's own event covers a booking: it is catalog's word still."""
    own, forged = ("catalog.offer.v1", b"k", b"{}"), ("booking.booking.v1", b"k", b"100 000 euros")
    together = producers()
    for messages in ([own, forged], [forged, own]):
        proofs = dict(zip(messages, CATALOG.sign(messages), strict=True))
        together.check(*own, proofs[own])
        refusal(forged, proofs[forged], together)


def test_what_is_known_to_be_proven_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_PROVEN_KEPT", 100)
    messages = [("booking.booking.v1", b"key", b"%d" % number) for number in range(1000)]
    together = producers()
    for message, proof in zip(messages, BOOKING.sign(messages), strict=True):
        together.check(*message, proof)
        assert len(together._proven["booking"]) <= 107
    refusal(("booking.booking.v1", b"key", b"1000"), proof, together)


def test_an_inner_hash_passes_for_no_message() -> None:
    """Leaves and nodes are hashed apart: what lies between a message and the root is no message."""
    messages = [("booking.booking.v1", b"key", bytes([number])) for number in range(4)]
    proof = BOOKING.sign(messages)[0]
    shortened = proof[:65] + proof[-32:]
    inner = proof[65:97]
    for value in (inner, b"\x01" + inner, proof[65:]):
        refusal(("booking.booking.v1", b"key", value), shortened)


@pytest.mark.parametrize(
    "proof",
    [b"", b"x", bytes(64), bytes(65), bytes(66), bytes(65 + 31), bytes(65 + 7 * 32), bytes(10_000_000)],
    ids=len,
)
def test_whatever_stands_there_is_refused_in_words(proof: bytes) -> None:
    assert refusal(("booking.booking.v1", b"k", b"v"), proof).startswith(("not signed", "signed in no"))


def test_while_a_key_is_replaced_both_are_believed() -> None:
    following = Signer(Sealer.new_key())
    both = Producers({"booking": [BOOKING.public_key, following.public_key]})
    message = ("booking.booking.v1", b"k", b"v")
    for signer in (BOOKING, following):
        both.check(*message, *signer.sign([message]))
    refusal(message, *following.sign([message]))


def test_an_empty_message_is_signed_as_well() -> None:
    (proof,) = BOOKING.sign([("booking.booking.v1", b"", b"")])
    producers().check("booking.booking.v1", None, None, proof)


def test_the_first_proof_among_the_headers_counts() -> None:
    assert proof_among([("ce_type", b"x"), (HEADER, b"1"), (HEADER, b"2")]) == b"1"
    assert proof_among(()) is proof_among(None) is None


@pytest.mark.parametrize("words", ["booking", ":key", "booking:", "booking:c2hvcnQ=", "booking:!"])
def test_keys_that_are_none_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"event key|context:key"):
        Producers.of(words)
