"""Strong entity tags and the requests that depend on them (RFC 9110 §8.8.3, §13)."""

import hashlib
import re

from chassis.incoming import Headers
from chassis.rest.problems import Problem, ProblemCode

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag_of_version(version: int) -> str:
    """The tag of an aggregate that counts its versions."""
    return f'"v{version}"'


def etag_of_bytes(body: bytes) -> str:
    """The tag of exactly these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _names(field: str, etag: str, *, weakly: bool) -> bool:
    """Whether a list of tags names this one; a weak tag only does where weak comparison is asked for."""
    if field.strip() == "*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _TAG.findall(field))


def must_match(headers: Headers, etag: str | None) -> None:
    """What a change depends on: `If-Match`, and `If-None-Match` for what must not exist or be so yet.

    `etag` is of what stands now, None when nothing does: read it in the transaction of the change, its
    row locked. Raises Problem PRECONDITION_FAILED.
    """
    wanted = headers.get(b"if-match")
    if wanted is not None and (etag is None or not _names(wanted.decode("latin-1"), etag, weakly=False)):
        raise Problem(ProblemCode.PRECONDITION_FAILED, "La ressource a changé depuis que vous l'avez lue.")
    unwanted = headers.get(b"if-none-match")
    if unwanted is not None and etag is not None and _names(unwanted.decode("latin-1"), etag, weakly=True):
        raise Problem(ProblemCode.PRECONDITION_FAILED, "La ressource existe déjà.")


def is_unchanged(headers: Headers, etag: str) -> bool:
    """Whether a reader has this already, so that 304 says all. Raises Problem PRECONDITION_FAILED."""
    wanted = headers.get(b"if-match")
    if wanted is not None and not _names(wanted.decode("latin-1"), etag, weakly=False):
        raise Problem(ProblemCode.PRECONDITION_FAILED, "La ressource a changé depuis que vous l'avez lue.")
    known = headers.get(b"if-none-match")
    return known is not None and _names(known.decode("latin-1"), etag, weakly=True)
