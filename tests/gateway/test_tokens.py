"""No token is anonymous; a bad one is refused, wherever it is noticed."""

from collections.abc import Callable

import pytest
from joserfc.jwk import ECKey

from .conftest import PERSON, Gateway, Issuer

pytestmark = pytest.mark.servers

ME = "{ me { id } }"


def _code(answer: dict[str, object]) -> object:
    errors = answer["errors"]
    assert isinstance(errors, list)
    return errors[0]["extensions"]["code"]


def test_a_good_token_says_who_is_asking(development: Gateway, issuer: Issuer) -> None:
    answer = development.ask(ME, authorization=f"Bearer {issuer.token()}")
    assert answer == {"data": {"me": {"id": str(PERSON)}}}


def test_without_a_token_one_is_anonymous(development: Gateway) -> None:
    assert development.ask("{ now }")["data"]["now"]
    answer = development.ask(ME)
    assert answer["data"] == {"me": None}
    assert _code(answer) == "UNAUTHENTICATED"


BAD: dict[str, Callable[[Issuer], str]] = {
    "expired": lambda issuer: issuer.token(lifetime_seconds=-60),
    "forged": lambda issuer: issuer.token(key=ECKey.generate_key("P-256", {"kid": "test"})),
    "of another issuer": lambda issuer: issuer.token(iss="somebody"),
    "for another audience": lambda issuer: issuer.token(aud="somewhere"),
    "cut": lambda issuer: issuer.token()[:-20],
    "no token at all": lambda issuer: "abc",
    "unsigned": lambda issuer: "eyJhbGciOiJub25lIn0." + issuer.token().split(".")[1] + ".",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_refused(development: Gateway, issuer: Issuer, kind: str) -> None:
    # `now` needs no token: a bad one is refused all the same, not taken for none.
    answer = development.ask("{ now }", authorization=f"Bearer {BAD[kind](issuer)}")
    assert not (answer.get("data") or {}).get("now")
    assert _code(answer) == "UNAUTHENTICATED"
