"""What files are called. A name says what kind of file it is, and is never given twice.

`<folder>/…/<32 or 64 hexadecimal digits>.<extension>`: the digits are random or the SHA-256 of the
content, so that nobody can guess a name, and what a name means can be cached for ever.
"""

import re
import secrets
from typing import Final

from chassis.files.media import MEDIA_TYPES

_FOLDER: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}(?:/[a-z0-9][a-z0-9_-]{0,63}){0,5}")
_LAST: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{64})\.([a-z0-9]{1,5})")
_LONGEST: Final = 300


def is_folder(text: str) -> bool:
    return _FOLDER.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a file may be called so: no dots, no empty part, nothing that a path could climb by."""
    folder, _, last = text.rpartition("/")
    match = _LAST.fullmatch(last)
    return len(text) <= _LONGEST and is_folder(folder) and match is not None and match[1] in MEDIA_TYPES


def new_name(folder: str, extension: str) -> str:
    """A name that nobody has and nobody guesses. Raises ValueError on a folder or extension we do not keep."""
    return checked(f"{folder}/{secrets.token_hex(16)}.{extension}")


def content_name(folder: str, sha256: str, extension: str) -> str:
    """The name of this very content: the same content, the same name. Raises ValueError as `new_name`."""
    return checked(f"{folder}/{sha256}.{extension}")


def checked(name: str) -> str:
    """The name itself. Raises ValueError when it is none."""
    if not is_name(name):
        raise ValueError("not the name of a file")
    return name


def extension_of(name: str) -> str:
    return name.rpartition(".")[2]
