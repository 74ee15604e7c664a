"""Secrets that are sent once: as much chance as they say, and none of a generator that can be foretold."""

import random
from collections.abc import Callable

import pytest

from identity.domain.factors import prepared_code
from identity.one_time_codes import new_totp_secret
from identity.passkeys import new_nonce
from identity.persistence.secrets import new_recovery_code, new_secret


def test_a_recovery_code_has_120_random_bits_in_signs_that_are_not_mixed_up() -> None:
    codes = [new_recovery_code() for _ in range(300)]
    assert len(set(codes)) == 300
    assert {len(code) for code in codes} == {6 * 4 + 5}
    signs = set("".join(map(prepared_code, codes)))
    assert len(signs) == 32, "5 bits a sign, and all of them are used"
    assert not signs & set("0O1I")


@pytest.mark.parametrize("make", [new_recovery_code, new_secret, new_totp_secret, new_nonce])
def test_none_comes_of_a_generator_with_a_seed(make: Callable[[], object]) -> None:
    made = []
    for _ in range(2):
        random.seed(7)
        made.append(make())
    assert made[0] != made[1]
