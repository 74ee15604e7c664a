"""Keys: only one that was made for our domain, asked by our pages, and used by a person it has recognised."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import new_id
from identity.passkeys import Passkeys, Registered, credential_of, new_nonce
from software_key import USER_PRESENT, USER_VERIFIED, SoftwareKey

OURS = Passkeys("pass.example", ["https://pass.example", "https://equipe.pass.example"])
NONCE = b"n" * 32


def key(**wrong: Any) -> SoftwareKey:
    return SoftwareKey(**{"origin": "https://equipe.pass.example", "rp_id": "pass.example", **wrong})


def creation(nonce: bytes = NONCE) -> str:
    return OURS.creation_options(nonce, new_id(), "equipe@example.com")


def request(nonce: bytes = NONCE) -> str:
    return OURS.request_options(nonce, [])


def registered(one: SoftwareKey) -> Registered:
    found = OURS.registered(one.create(creation()), NONCE)
    assert found is not None
    return found


WRONG = {
    "another page": {"origin": "https://pass.example.attacker.example"},
    "the same page without TLS": {"origin": "http://equipe.pass.example"},
    "another domain": {"rp_id": "example"},
    "nobody there": {"flags": USER_VERIFIED},
    "nobody recognised": {"flags": USER_PRESENT},
}


def test_a_key_is_registered_and_asked() -> None:
    mine = key()
    kept = registered(mine)
    assert kept.credential_id == mine.credential_id
    assert OURS.asserted(mine.get(request()), NONCE, kept) == 1
    assert credential_of(mine.get(request())) == mine.credential_id


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_registers_nothing(wrong: str) -> None:
    assert OURS.registered(key(**WRONG[wrong]).create(creation()), NONCE) is None


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_opens_nothing(wrong: str) -> None:
    mine = key()
    kept = registered(mine)
    assert OURS.asserted(replace(mine, **WRONG[wrong]).get(request()), NONCE, kept) is None


def test_an_answer_is_to_one_question() -> None:
    mine = key()
    kept = registered(mine)
    assert OURS.asserted(mine.get(request(new_nonce())), NONCE, kept) is None
    assert OURS.registered(mine.create(creation(new_nonce())), NONCE) is None
    assert OURS.asserted(mine.create(creation()), NONCE, kept) is None
    assert OURS.registered(mine.get(request()), NONCE) is None


def test_another_key_of_the_same_name_is_another() -> None:
    mine = key()
    kept = registered(mine)
    assert OURS.asserted(key(credential_id=mine.credential_id).get(request()), NONCE, kept) is None


@pytest.mark.parametrize(("said", "is_taken"), [(4, False), (5, False), (6, True)])
def test_a_key_that_counts_counts_on(said: int, is_taken: bool) -> None:
    mine = key()
    kept = registered(mine)._replace(sign_count=5)
    answer = replace(mine, sign_count=said - 1).get(request())
    assert (OURS.asserted(answer, NONCE, kept) is not None) is is_taken


def test_a_key_that_never_counts_is_taken() -> None:
    mine = key(counts=False)
    assert OURS.asserted(mine.get(request()), NONCE, registered(mine)) == 0


def test_the_person_must_be_recognised_by_the_key() -> None:
    assert json.loads(creation())["authenticatorSelection"]["userVerification"] == "required"
    assert json.loads(request())["userVerification"] == "required"


def test_a_question_is_random_and_of_256_bits() -> None:
    nonces = {new_nonce() for _ in range(50)}
    assert len(nonces) == 50
    assert {len(nonce) for nonce in nonces} == {32}
    asked = json.loads(creation(next(iter(nonces))))["challenge"]
    assert base64.urlsafe_b64decode(asked + "=") in nonces


@given(st.data())
def test_whatever_a_browser_sends_breaks_nothing(data: st.DataObject) -> None:
    mine = SoftwareKey(origin="https://pass.example", rp_id="pass.example", private_key=_KEY)
    answer = data.draw(st.sampled_from([mine.create(creation()), mine.get(request())]))
    changed = json.loads(answer)
    where = data.draw(st.sampled_from([changed, changed["response"]]))
    name = data.draw(st.sampled_from(sorted(where)))
    where[name] = data.draw(st.none() | st.integers() | st.text() | st.just({}) | st.just([]))
    for text in (json.dumps(changed), data.draw(st.text()), "[" * 10_000, "x" * 100_000):
        credential_of(text)
        OURS.registered(text, NONCE)
        OURS.asserted(text, NONCE, Registered(mine.credential_id, b"", 0))


_KEY = key().private_key
