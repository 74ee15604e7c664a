"""Keys: what is shown once, what is stored, and what opens."""

import pytest
from notebook.rest import PARTNER_KEY, key_rings

from chassis.rest import Scheme, new_key
from chassis.rest.callers import digest_of, is_secret_of, read_key


def test_a_key_is_made_of_its_prefix_and_a_secret_that_is_not_stored() -> None:
    one, other = new_key("till"), new_key("till")
    assert one.text.startswith(f"{one.prefix}_")
    assert one.prefix.startswith("till_")
    assert (one.prefix, one.digest) != (other.prefix, other.digest)
    read = read_key(one.text)
    assert read is not None
    assert read.prefix == one.prefix
    assert is_secret_of(read.secret, one.digest)
    assert read.secret.encode() not in one.digest
    assert len(one.digest) == 32


@pytest.mark.parametrize(
    "presented", ["", "_", "a_b", "partner_short", "partner_" + "é" * 20, "x" * 300, "a.b.c"]
)
def test_what_has_not_the_shape_of_a_key_is_none(presented: str) -> None:
    assert read_key(presented) is None


async def test_only_the_whole_key_opens() -> None:
    ring = key_rings(None)[Scheme.PARTNER_KEY]
    found = await ring.find(PARTNER_KEY.text)
    assert found is not None
    assert found.scheme is Scheme.PARTNER_KEY
    for wrong in (
        PARTNER_KEY.text[:-1],
        PARTNER_KEY.text + "0",
        PARTNER_KEY.text.upper(),
        f"{PARTNER_KEY.prefix}_{'0' * 64}",
        new_key("partner").text,
        "",
    ):
        assert await ring.find(wrong) is None


def test_an_unknown_prefix_is_compared_too_and_never_equal() -> None:
    assert not is_secret_of("0" * 64, bytes(32))
    assert digest_of("0" * 64) != bytes(32)
