"""The closed set of refusals: unique stable codes, one French sentence each."""

import inspect

from chassis.refusals import Refusal
from identity.domain import refusals

CLASSES = [
    kind
    for _, kind in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(kind, Refusal) and kind is not Refusal
]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes) == len(CLASSES) > 20
    assert all(code == code.upper() for code in codes)


def test_every_refusal_says_a_sentence() -> None:
    for kind in CLASSES:
        fields = inspect.signature(kind).parameters.values()
        said = "Une phrase de plus."
        message = kind(*(1 if field.annotation is int else said for field in fields)).message
        assert message[0].isupper()
        assert len(message) > 20
