"""What a browser is told of a file, so that it never takes one for a page or a programme.

The type comes from the extension, by a closed list of ours; never from what somebody sent. Only
images that hold no script are shown in place; anything else is saved.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "xml": "application/xml",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}
_SHOWN: Final = frozenset({"jpg", "png", "webp", "gif", "avif"})
"""No SVG: it runs scripts. It is not kept at all."""

_LONGEST_STEM: Final = 120
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|%]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
_ATTR_CHAR: Final = "!#$&+-.^_`|~"
"""RFC 8187: what `filename*` holds unescaped, besides letters and digits."""


def safe_filename(wanted: str, extension: str) -> str:
    """A file name for somebody's disk: one line, no path, no hidden or reserved name, our extension."""
    text = unicodedata.normalize("NFC", wanted)
    text = "".join(c for c in text if c == " " or unicodedata.category(c)[0] not in "CZ")
    text = _UNSAFE.sub("-", text).removesuffix(f".{extension}")
    stem = text[:_LONGEST_STEM].strip(" .-") or "fichier"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{extension}"


def content_disposition(filename: str, extension: str) -> str:
    """RFC 6266: the name in full for today's browsers, in ASCII for those before."""
    kind = "inline" if extension in _SHOWN else "attachment"
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode().replace('"', "")
    if plain.startswith("."):
        plain = f"fichier{plain}"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe=_ATTR_CHAR)}"
