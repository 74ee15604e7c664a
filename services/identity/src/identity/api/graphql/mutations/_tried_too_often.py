"""What a use case raises when something was tried too often, in the words of the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.graphql import ApiError, ErrorCode
from identity.usecases.prove_password import TooManyAttempts

PASSWORDS = "Trop d’essais : réessayez dans une minute."
CODES = "Trop de codes erronés : réessayez plus tard, ou avec une clé ou un code de secours."


@contextmanager
def tried_too_often(sentence: str) -> Iterator[None]:
    """Raises ApiError TOO_MANY_REQUESTS, with `sentence`, for TooManyAttempts."""
    try:
        yield
    except TooManyAttempts:
        raise ApiError(ErrorCode.TOO_MANY_REQUESTS, sentence) from None
